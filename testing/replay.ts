/** Replays recorded histories with the workflows of an application. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { bundleOf } from './bundle.ts';

/**
 * Replays histories with the workflows of an application as they are now. A workflow that still runs is replayed by the
 * next release, so a change that contradicts a history breaks it.
 *
 * `temporal workflow show --workflow-id ID --output json` prints a history.
 *
 * @param histories - files with a history each, or folders of such files, which end in `.json`
 * @param application - folder of the application, with `perennial.config.ts`
 * @returns the files, sorted within each folder
 * @throws Error with each file that does not replay, and why; for no file at all; `InvalidApplication`
 *
 * @example
 * ```ts
 * import { replayHistories } from './testing/index.ts';
 *
 * await replayHistories('histories', '.');
 * ```
 */
export async function replayHistories(
  histories: string | readonly string[],
  application: string,
): Promise<readonly string[]> {
  const files = (await Promise.all([histories].flat().map(filesOf))).flat();
  if (files.length === 0)
    throw new Error(`histories: expected at least one file that ends in .json, found none in ${String(histories)}`);
  const faults = await faultsOf(files, path.resolve(application));
  if (faults.length > 0)
    throw new Error(`${faults.length} of ${files.length} histories do not replay:\n${faults.join('\n')}`);
  return files;
}

async function filesOf(place: string): Promise<readonly string[]> {
  if (!(await stat(place)).isDirectory()) return [place];
  const names = (await readdir(place, { recursive: true })).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => path.join(place, name));
}

async function faultsOf(files: readonly string[], application: string): Promise<readonly string[]> {
  // Tests that replay nothing do not pay for the SDK's worker and the bundler.
  const { Worker } = await import('@temporalio/worker');
  const { loadApplication } = await import('../application/load.ts');
  const code = await bundleOf(application, await loadApplication(application));
  const faults: string[] = [];
  const results = Worker.runReplayHistories({ workflowBundle: { code, sourceMap: 'in the code' } }, recorded(files));
  const inOrder = files.values();
  for await (const { error } of results) {
    const { value: file = '' } = inOrder.next();
    if (error !== undefined) faults.push(`${file}: ${error.message}`);
  }
  return faults;
}

async function* recorded(files: readonly string[]) {
  const { historyFromJSON } = await import('@temporalio/common/lib/proto-utils.js');
  for (const file of files) {
    const history = historyFromJSON(jsonOf(await readFile(file, 'utf8'), file));
    const [first] = history.events ?? [];
    // Ids of children follow from that of the workflow.
    const workflowId = first?.workflowExecutionStartedEventAttributes?.workflowId;
    if (workflowId === undefined || workflowId === null)
      throw new Error(`${file}: expected the history of a workflow, from its start`);
    yield { workflowId, history };
  }
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${file}: expected a history as JSON: ${String(error)}`, { cause: error });
  }
}
