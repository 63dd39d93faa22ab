/** File systems of a test's own, small enough to be really full. */
import { execFile, execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';

// PostgreSQL refuses to run as root: who is somebody else stays so, and root may mount without a user name space.
const OWN_MOUNTS =
  process.getuid?.() === 0 ? ['--mount', '--'] : ['--user', '--map-current-user', '--keep-caps', '--mount', '--'];

/** Containers without privileges, and some kernels, give nobody a file system of their own. */
export function canMount(): boolean {
  try {
    execFileSync('unshare', [...OWN_MOUNTS, 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', tmpdir()], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** Runs a script with a disk of its own at a folder; gives what it printed. */
export async function runOnDisk(folder: string, { megabytes, script, args = [], env = {} }: DiskRun): Promise<string> {
  const loader = createRequire(import.meta.url).resolve('tsx');
  const mounting = `mount -t tmpfs -o size=${String(megabytes)}m,mode=755 none "$0" && exec "$@"`;
  const { stdout } = await promisify(execFile)(
    'unshare',
    [...OWN_MOUNTS, 'sh', '-c', mounting, folder, process.execPath, '--import', loader, script, folder, ...args],
    { env: { ...process.env, ...env } },
  );
  return stdout;
}

/** What {@link runOnDisk} runs, and on how large a disk. */
export interface DiskRun {
  readonly megabytes: number;
  /** File of a TypeScript program, which gets the folder and then `args`. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}
