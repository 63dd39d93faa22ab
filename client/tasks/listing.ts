/** Lists the runs of tasks from the index of the server. */
import proto from '@temporalio/proto';
import { searchAttributes, TASK_STATES, type TaskState } from '../../contracts/tasks/calls.ts';
import type { TaskFilter } from '../../contracts/tasks/schema.ts';
import { NotFound } from '../connection/errors.ts';
import { isoTime } from '../connection/proto-time.ts';
import type { Rpc } from '../connection/rpc.ts';
import { type IndexedRun, indexedText, pageOfRuns } from './run-pages.ts';
import { taskQuery } from './revoke.ts';
import { underWay } from './status.ts';
import type { ListOptions, TaskPage, TaskPageOptions, TaskSummary } from './types.ts';

/** Most tasks of one request to the server. */
const MOST_AT_ONCE = 1000;

/** Returns up to so many tasks, newest first. */
export async function listTasks(
  rpc: Rpc,
  filter: TaskFilter,
  { limit = 100, system }: ListOptions,
): Promise<readonly TaskSummary[]> {
  const found: TaskSummary[] = [];
  let cursor: string | null | undefined;
  do {
    const most = Math.min(limit - found.length, MOST_AT_ONCE);
    const page: TaskPage = await pageOfTasks(rpc, filter, { limit: most, cursor, system });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && found.length < limit);
  return found;
}

/** Returns one page of tasks, newest first. @throws InvalidInput */
export async function pageOfTasks(
  rpc: Rpc,
  filter: TaskFilter,
  { limit, cursor, system = false }: Omit<TaskPageOptions, 'cursor'> & { readonly cursor?: string | null | undefined },
): Promise<TaskPage> {
  const { runs, nextCursor } = await pageOfRuns(rpc, taskQuery(filter, { onlyRunning: false, system }), {
    limit,
    cursor,
  });
  const items: TaskSummary[] = [];
  const shown = runs.map((run) => summaryOf(run));
  for (let at = 0; at < shown.length; at += LOOKS_AT_ONCE)
    items.push(...(await Promise.all(shown.slice(at, at + LOOKS_AT_ONCE).map((task) => asItStands(rpc, task)))));
  return { items, nextCursor };
}

function summaryOf({ workflowId, name, tenant, raw }: IndexedRun): TaskSummary {
  return {
    task_id: workflowId,
    task_name: name,
    tenant,
    state: stateOf(raw.status, indexedText(raw, searchAttributes.state)),
    started_at: isoTime(raw.startTime) ?? '',
  };
}

/** Runs that are described at once. */
const LOOKS_AT_ONCE = 20;

/** Replaces the indexed state by the actual one, because the index may not show that a worker has begun. */
async function asItStands(rpc: Rpc, task: TaskSummary): Promise<TaskSummary> {
  if (FINAL.has(task.state)) return task;
  try {
    const { status, raw } = await rpc.call(task.task_id, (client) =>
      client.workflow.getHandle(task.task_id).describe(),
    );
    // The run has ended meanwhile; the next list shows its state.
    return status.name === 'RUNNING' ? { ...task, state: (await underWay(rpc, raw)).state } : task;
  } catch (error) {
    if (error instanceof NotFound) return task;
    throw error;
  }
}

const FINAL: ReadonlySet<TaskState> = new Set(['SUCCESS', 'FAILURE', 'REVOKED']);

const Status = proto.temporal.api.enums.v1.WorkflowExecutionStatus;

/** Prefers the server's status to the indexed state, which a terminated run could not update. */
function stateOf(status: IndexedRun['raw']['status'], indexed: string | null): TaskState {
  const state = TASK_STATES.find((one) => one === indexed) ?? 'PENDING';
  if (status === Status.WORKFLOW_EXECUTION_STATUS_CANCELED) return 'REVOKED';
  if (status === Status.WORKFLOW_EXECUTION_STATUS_TERMINATED) return 'REVOKED';
  if (status === Status.WORKFLOW_EXECUTION_STATUS_COMPLETED) return 'SUCCESS';
  if (status === Status.WORKFLOW_EXECUTION_STATUS_TIMED_OUT) return 'FAILURE';
  return status === Status.WORKFLOW_EXECUTION_STATUS_FAILED && state === 'PENDING' ? 'FAILURE' : state;
}
