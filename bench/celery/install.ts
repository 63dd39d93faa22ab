/** Installs Celery into a virtual environment of Python in the cache folder, once for each set of pinned versions. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from '../../stack/state.ts';
import { defaultCacheDir } from '../../stack/temporal/binary.ts';
import { isInstalled, runCommand } from '../commands.ts';
import type { BenchContext, NotMeasured } from '../section.ts';

/** Folder of the Celery application and its drivers. */
export const celeryFolder = import.meta.dirname;

const requirements = path.join(celeryFolder, 'requirements.txt');

/** Paths of the installed peer. */
export interface CeleryInstallation {
  readonly python: string;
}

/** Returns the pinned version of a package, which the page shows. */
export function pinned(name: string): string {
  return new RegExp(`^${name}==(\\S+)$`, 'm').exec(readFileSync(requirements, 'utf8'))?.[1] ?? 'unknown';
}

/** Checks that Python and Redis are installed, and installs Celery when the cache folder does not have it. */
export async function installCelery({ log, signal }: BenchContext): Promise<CeleryInstallation | NotMeasured> {
  for (const command of ['python3', 'redis-server']) if (!isInstalled(command)) return { missing: command };
  const versions = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const cache = path.dirname(defaultCacheDir());
  const folder = path.join(cache, `celery-${versions}`);
  const python = path.join(folder, 'bin', 'python');
  const complete = path.join(folder, 'complete');
  if (existsSync(complete)) return { python };
  mkdirSync(cache, { recursive: true });
  return withLock(path.join(cache, '.celery.lock'), async () => {
    if (existsSync(complete)) return { python };
    log.step('Fetching Celery, once');
    rmSync(folder, { recursive: true, force: true });
    try {
      await runCommand({ file: 'python3', args: ['-m', 'venv', folder], signal });
      const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
      await runCommand({ file: python, args: ['-m', 'pip', 'install', ...quiet, '-r', requirements], signal });
    } catch (error) {
      signal.throwIfAborted();
      log.note(`Celery could not be fetched: ${error instanceof Error ? error.message : String(error)}`);
      return { missing: `celery ${pinned('celery')} (neither in the cache nor to be had from PyPI)` };
    }
    writeFileSync(complete, '');
    return { python };
  });
}
