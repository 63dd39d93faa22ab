/** The workflow bundle of all workers of a stack, which is built once while the servers start. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { StackContext } from './context.ts';
import { compiledDir } from './product.ts';

/**
 * Returns the bundle file that `WORKFLOW_BUNDLE` names, or builds one in the state folder. A separate process builds it,
 * because bundling blocks an event loop for seconds.
 *
 * @throws Error with the output of the bundler, when it fails
 */
export async function provideBundle({ config, signal }: StackContext): Promise<string> {
  const { workflowBundle } = config.worker;
  if (workflowBundle !== undefined) return workflowBundle;
  const file = path.join(config.stateDir, 'workflows.js');
  try {
    await promisify(execFile)(
      process.execPath,
      [path.join(compiledDir, 'workers/build-bundle.js'), file],
      signal === undefined ? {} : { signal },
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`The workflows could not be bundled: ${String((error as { stderr?: unknown }).stderr)}`, {
      cause: error, // a failed child carries what it printed
    });
  }
  return file;
}
