/**
 * Keeps the bundle of an application between starts, because bundling takes seconds and most changes are of bodies, which
 * are in no bundle. A bundle is taken again when every file that went into it is the same.
 */
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';

/** A bundle, and the files that went into it. */
export interface Bundled {
  readonly code: string;
  readonly files: readonly string[];
}

interface Kept {
  readonly hash: string;
  readonly files: readonly string[];
  readonly code: string;
}

/**
 * Returns the kept bundle when it is still right, and else makes and keeps one.
 *
 * @param file - where it is kept
 */
export async function keptBundle(file: string, bundle: () => Promise<Bundled>): Promise<string> {
  const kept = await readKept(file);
  if (kept !== undefined && (await hashOf(kept.files)) === kept.hash) return kept.code;
  const { code, files } = await bundle();
  const hash = await hashOf(files);
  if (hash !== undefined) {
    // At one stroke: another worker of this machine may read it.
    const unfinished = `${file}.${process.pid}`;
    await writeFile(unfinished, JSON.stringify({ hash, files, code } satisfies Kept));
    await rename(unfinished, file);
  }
  return code;
}

async function readKept(file: string): Promise<Kept | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Kept; // written by `keptBundle` alone
  } catch {
    return undefined; // there is none, or it was cut off
  }
}

/** Returns `undefined` when a file is gone. */
async function hashOf(files: readonly string[]): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for (const file of files) hash.update(file).update(await readFile(file));
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
