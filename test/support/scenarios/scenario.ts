/**
 * Runs of workflows that matter to users, as data: workflow tests assert what
 * comes out, `npm run record` stores their histories for replay. Each domain
 * has a file of its own beside this one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { queues } from '../../../contracts/queues/names.ts';
import type { Activities } from '../../../activities/shell/activity.ts';

/** Scripted activities, and whatever the script notes down. */
export interface World {
  readonly activities: Activities;
}

/** One run: the world it meets, how it is started, and what is done to it meanwhile. */
export interface Scenario<W extends World = World> {
  /** Name of the workflow. */
  readonly workflow: string;
  /** Arguments of the workflow. */
  readonly args: readonly unknown[];
  readonly memo?: Readonly<Record<string, unknown>>;
  /** A fresh world for each run. */
  readonly world: () => W;
  /** Records the history of this child instead, counted from 0 in the order in which they were started. */
  readonly recordsChild?: number;
  /** What happens while it runs. */
  meanwhile?(handle: WorkflowHandle, world: W): Promise<void>;
}

/** Waits until a condition of the test's own world holds; fails after half a minute. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 20) {
    if (waited > 30_000) throw new TypeError('expected a condition to hold within 30 s, it never did');
    await sleep(20);
  }
}

/** Starts a scenario's workflow and lets happen what it says; the handle follows continue-as-new. */
export async function startScenario<W extends World>(
  client: Client,
  scenario: Scenario<W>,
  world: W,
  workflowId: string,
): Promise<WorkflowHandle> {
  const { workflow, args, memo = {} } = scenario;
  const given = { taskQueue: queues.workflows, workflowId, args: [...args], memo: { ...memo } };
  const handle = await client.workflow.start(workflow, given);
  await scenario.meanwhile?.(handle, world);
  return handle;
}

/** Waits until a run and the runs that it has started, which may outlive it, have ended; whatever they end with. */
export async function atRest(client: Client, handle: WorkflowHandle): Promise<void> {
  await handle.result().catch(() => undefined);
  const { events } = await handle.fetchHistory();
  for (const { childWorkflowExecutionStartedEventAttributes: child } of events ?? []) {
    const id = child?.workflowExecution?.workflowId;
    if (id) await atRest(client, client.workflow.getHandle(id));
  }
}
