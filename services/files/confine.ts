/**
 * Confines paths from outside to the allowed folders. The path is judged by where it leads after all links, and only
 * files and folders are accepted, because a device or a pipe can block its reader for ever.
 */
import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { PerennialError } from '../../contracts/failures.ts';

/** An allowed path. */
export interface ConfinedPath {
  /** Absolute path without links. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

/**
 * Resolves a path and checks that it lies inside one of the roots. A relative path is looked up in each root in turn.
 * @throws PerennialError `PathNotAllowed` for anything outside, whether it exists or not; `FileMissing` inside
 */
export async function confinePath(path: string, roots: readonly string[]): Promise<ConfinedPath> {
  if (path === '' || path.includes('\0')) throw notAllowed(path, 'an empty path or a NUL character');
  const allowed = await realRoots(roots);
  let problem = notAllowed(path, 'a path outside of them');
  for (const candidate of isAbsolute(path) ? [resolve(path)] : allowed.map((root) => resolve(root, path))) {
    const found = await inspect(path, candidate, allowed);
    if (!(found instanceof PerennialError)) return found;
    problem = found;
  }
  throw problem;
}

/**
 * Lists the files of a folder and its subfolders, ordered by name; a file is listed alone. Hidden entries, links that
 * lead outside, and entries that are not files are skipped; a file with two names is listed once.
 * @throws PerennialError `PathNotAllowed`, `FileMissing`, `InvalidInput` for more than `max` files
 */
export async function listDocuments(
  path: string,
  roots: readonly string[],
  limits: { readonly max: number },
): Promise<readonly string[]> {
  const start = await confinePath(path, roots);
  if (start.kind === 'file') return [start.path];
  const allowed = await realRoots(roots);
  const files = new Set<string>();
  const seen = new Set<string>();
  const walk = async (folder: string): Promise<void> => {
    // A link may lead back to a parent folder.
    if (seen.has(folder)) return;
    seen.add(folder);
    for (const entry of await readFolder(folder)) {
      const found = await resolveEntry(folder, entry, allowed);
      if (found?.kind === 'folder') await walk(found.path);
      if (found?.kind === 'file') files.add(found.path);
      if (files.size > limits.max) throw tooMany(path, limits.max);
    }
  };
  await walk(start.path);
  return [...files];
}

/** Resolves the roots; one that does not exist allows nothing. */
async function realRoots(roots: readonly string[]): Promise<readonly string[]> {
  const real = await Promise.all(roots.map((root) => realpath(root).catch(() => undefined)));
  return real.filter((root) => root !== undefined);
}

function isInside(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => {
    const rest = relative(root, path);
    return rest === '' || (rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest));
  });
}

async function inspect(
  given: string,
  candidate: string,
  allowed: readonly string[],
): Promise<ConfinedPath | PerennialError> {
  let real: string;
  try {
    real = await realpath(candidate);
  } catch (error) {
    return missing(given, candidate, allowed, error);
  }
  if (!isInside(real, allowed)) return notAllowed(given, 'a path that leads outside of them');
  const facts = await stat(real).catch(() => undefined);
  if (facts === undefined) return fileMissing(given);
  const kind = kindOf(facts);
  return kind === undefined ? notAllowed(given, 'something that is neither file nor folder') : { path: real, kind };
}

/** Reports "missing" only inside the roots: outside, it would disclose which files the machine has. */
async function missing(
  given: string,
  candidate: string,
  allowed: readonly string[],
  error: unknown,
): Promise<PerennialError> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
  if (code === 'ELOOP' || code === 'EACCES')
    return notAllowed(given, code === 'ELOOP' ? 'links that lead in a circle' : 'a folder that may not be entered');
  for (let folder = dirname(candidate); ; folder = dirname(folder)) {
    const real = await realpath(folder).catch(() => undefined);
    if (real !== undefined)
      return isInside(real, allowed) ? fileMissing(given) : notAllowed(given, 'a path that leads outside of them');
    if (folder === dirname(folder)) return notAllowed(given, 'a path that leads nowhere');
  }
}

function kindOf(facts: Stats | Dirent): ConfinedPath['kind'] | undefined {
  if (facts.isFile()) return 'file';
  return facts.isDirectory() ? 'folder' : undefined;
}

async function readFolder(folder: string): Promise<readonly Dirent[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    // An entry that was removed during the walk is skipped; one without permission is an error, because its documents
    // would be missing unnoticed.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw notAllowed(folder, 'a folder that cannot be read');
  }
  return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function resolveEntry(
  folder: string,
  entry: Dirent,
  allowed: readonly string[],
): Promise<ConfinedPath | undefined> {
  const path = join(folder, entry.name);
  if (entry.isSymbolicLink()) {
    const found = await inspect(path, path, allowed);
    return found instanceof PerennialError ? undefined : found;
  }
  const kind = kindOf(entry);
  return kind === undefined ? undefined : { path, kind };
}

function notAllowed(path: string, found: string): PerennialError {
  return new PerennialError(
    'PathNotAllowed',
    `Expected a file or folder inside the allowed folders, found ${found}: ${shown(path)}. Move it there, or add its folder to DOCUMENT_ROOTS.`,
  );
}

function fileMissing(path: string): PerennialError {
  return new PerennialError(
    'FileMissing',
    `Expected a file or folder at ${shown(path)}, found nothing. Check the path.`,
  );
}

function tooMany(path: string, max: number): PerennialError {
  return new PerennialError(
    'InvalidInput',
    `Expected at most ${max} files in ${shown(path)}, found more. Name its parts one by one.`,
  );
}

/** Removes control characters, with which a path could forge lines of a log. */
function shown(path: string): string {
  return JSON.stringify(path.slice(0, 300));
}
