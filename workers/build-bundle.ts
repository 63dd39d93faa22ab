/**
 * Writes the bundle of all workflows to a file, so that workers need not build one at each start:
 * `node --import tsx workers/build-bundle.ts workflows.js`, then `WORKFLOW_BUNDLE=workflows.js`.
 */
import { rename, writeFile } from 'node:fs/promises';
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { bundleWorkflows } from './bundle.ts';

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('build-bundle: expected the file to write, got none. Name it: build-bundle.ts workflows.js\n');
  process.exit(exitCodes.usage);
}
const { code } = await bundleWorkflows();
// At one stroke: a worker that starts meanwhile reads the old bundle or the new one.
const unfinished = `${file}.${process.pid}`;
await writeFile(unfinished, code);
await rename(unfinished, file);
