/** Runs that are started by hand with payloads of every kind, and what became of them. */
import type { Client, WorkflowFailedError, WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { queues } from '../../contracts/queues/names.ts';

let runs = 0;

/** Starts a workflow by hand, as the `temporal` command would; a run that hangs ends after a minute. */
export async function startRun(client: Client, name: string, args: readonly unknown[]): Promise<WorkflowHandle> {
  runs += 1;
  return client.workflow.start(name, {
    taskQueue: queues.workflows,
    workflowId: `payloads-${String(runs)}`,
    args: [...args],
    workflowExecutionTimeout: '60s',
  });
}

/** Why tasks of the run failed. */
export async function faultsOf(handle: WorkflowHandle): Promise<readonly unknown[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(
    ({ workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: late }) => [
      ...(failed ? [[failed.cause, failed.failure?.message]] : []),
      ...(late ? ['timed out'] : []),
    ],
  );
}

/** Says how a run ended: with which failure, or well. */
export async function endOf(handle: WorkflowHandle): Promise<unknown> {
  try {
    await handle.result();
    return 'ended';
  } catch (error) {
    const cause = (error as WorkflowFailedError).cause;
    return cause instanceof ApplicationFailure ? cause.type : cause;
  }
}

/** Does work for all, twenty at once, and something between: a server takes no more for one busy run. */
export async function inBatches<T>(
  all: readonly T[],
  work: (one: T) => Promise<unknown>,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  for (let at = 0; at < all.length; at += 20) {
    await Promise.all(all.slice(at, at + 20).map(work));
    await between();
  }
}
