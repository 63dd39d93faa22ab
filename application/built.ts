/** What `perennial build` has made of an application, so that its processes need no compiler. */
import { existsSync, readFileSync } from 'node:fs';
import { readFile, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config/types.ts';
import { BUILT_MANIFEST, hasSources, productVersion } from '../config/project.ts';
import { InvalidApplication } from './faults.ts';
import type { ModuleFiles } from './modules.ts';

/** Content of the manifest; paths are relative to its folder. */
export interface BuiltManifest {
  /** Version of the product that built it. */
  readonly version: string;
  /** Its workflows are in the bundle alone. */
  readonly files: ModuleFiles;
  /** Workflows of product and application, with the rows of its tasks. */
  readonly bundle: string;
  /** Every file that the build wrote; the next build removes them. */
  readonly written: readonly string[];
}

/** A built application. */
export interface BuiltApplication extends BuiltManifest {
  /** Absolute path of the folder that holds what was built. */
  readonly folder: string;
}

/**
 * Returns what was built in the folder of an application where processes run it: in production, and where there are no
 * sources.
 *
 * @throws InvalidApplication it was built with another version of the product
 */
export function builtApplication(folder: string, environment: Config['environment']): BuiltApplication | undefined {
  const isWanted = environment === 'production' || !hasSources(folder);
  return isWanted && existsSync(path.join(folder, BUILT_MANIFEST)) ? readBuilt(folder) : undefined;
}

/** Reads what was built in a folder. @throws InvalidApplication as {@link builtApplication} */
export function readBuilt(folder: string): BuiltApplication {
  const file = path.join(folder, BUILT_MANIFEST);
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as BuiltManifest; // written by `perennial build` alone
  if (manifest.version !== productVersion)
    throw new InvalidApplication([
      {
        field: file,
        expected: `an application built with version ${productVersion} of Perennial`,
        got: manifest.version,
        remedy: 'Build it again with `perennial build`.',
      },
    ]);
  return { ...manifest, folder: path.dirname(file) };
}

/**
 * Removes what an earlier build wrote in the folder of an application, the manifest first: what is left half-way is not run.
 * Other files of `dist/` stay, and so do folders that hold them.
 */
export async function removeBuilt(folder: string): Promise<void> {
  const file = path.join(folder, BUILT_MANIFEST);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const target = path.dirname(file);
  const inside = writtenIn(text).filter(
    (name) => path.posix.normalize(name) === name && !/^(\/|\.\.(\/|$))/.test(name),
  );
  await rm(file);
  await Promise.all(inside.map((name) => rm(path.join(target, name), { force: true })));
  const folders = new Set(inside.flatMap(foldersOf));
  // The innermost first; one that holds another file is not removed.
  for (const name of [...folders].sort((a, b) => b.length - a.length))
    await rmdir(path.join(target, name)).catch(() => undefined);
}

/** A build that was ended while it wrote the manifest has no list: what it wrote is not removed. */
function writtenIn(manifest: string): readonly string[] {
  try {
    return (JSON.parse(manifest) as Partial<BuiltManifest>).written ?? []; // as above, perhaps by another version
  } catch {
    return [];
  }
}

/** Returns the folders that hold a file, without that of all. */
function foldersOf(file: string): readonly string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}
