/** The compiled product: what the processes of a stack run. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { productDir } from '../config/project.ts';
import { isSource } from '../contracts/values/modules.ts';

/** Folder of the compiled modules. */
export const compiledDir = path.join(productDir, 'dist');

/**
 * Compiles what changed, when this module itself runs from source, as in tests; `npm start` has compiled everything
 * before.
 *
 * @returns the folder of the compiled modules
 * @throws Error with the output of the compiler, when it fails
 */
export async function provideProduct(): Promise<string> {
  if (isSource(import.meta.url))
    await promisify(execFile)(process.execPath, [path.join(productDir, 'scripts/build.mjs')]);
  return compiledDir;
}
