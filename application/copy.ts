/** Copies what modules of an application read: templates, statements of SQL, tables. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { MODULE } from './modules.ts';

/** Never read by a module that runs. */
const NOT_READ = ['**/node_modules/**', 'dist/**', '**/*.{ts,mts,cts,js,mjs,cjs,tsx,jsx,map}', '**/*.{test,spec}.*'];

/** What {@link copyRead} copies, relative to the folder of the application, and where to. */
export interface CopiedFiles {
  /** Modules that were compiled. */
  readonly modules: readonly string[];
  /** Other files than those beside modules. */
  readonly further: readonly string[];
  /** Folder of the compiled modules. */
  readonly target: string;
}

/**
 * Copies the files that lie beside modules, and in folders below them, to their places beside the compiled modules. Beside
 * modules in the folder of the application itself lie manifests and settings, which stay where they are.
 *
 * @param folder - of the application
 * @returns the files, relative to either folder
 */
export async function copyRead(folder: string, { modules, further, target }: CopiedFiles): Promise<readonly string[]> {
  const { escapePath, glob } = await import('tinyglobby');
  const folders = new Set(modules.map((file) => path.posix.dirname(file)).filter((name) => name !== '.'));
  const patterns = [...folders].map((name) => `${escapePath(name)}/**`);
  const beside = patterns.length === 0 ? [] : await glob(patterns, { cwd: folder, ignore: NOT_READ });
  const files = [...new Set([...beside, ...further.filter((name) => !MODULE.test(name))])];
  for (const file of files) await cp(path.join(folder, file), path.join(target, file));
  return files;
}
