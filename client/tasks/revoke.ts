/** Revokes one task, or all tasks that match a filter. */
import { randomUUID } from 'node:crypto';
import proto from '@temporalio/proto';
import { taskFilterSchema, type TaskFilter } from '../../contracts/tasks/schema.ts';
import { searchAttributes, SYSTEM_TAG } from '../../contracts/tasks/calls.ts';
import { Ended, Unavailable } from '../connection/errors.ts';
import { pauseFor, type Rpc } from '../connection/rpc.ts';
import { requireDelivery } from '../connection/stuck.ts';
import { InvalidInput, validate } from '../connection/validate.ts';
import type { Revoked, RevokedMany, RevokeOptions } from './requests.ts';

/** Revocations in flight at once, enough to hide the latency and few enough not to overload the server. */
const IN_FLIGHT = 20;

/** Longest wait for a batch operation of the server, in milliseconds. */
const BATCH_PATIENCE_MS = 60_000;

const { BatchOperationState, PendingActivityState } = proto.temporal.api.enums.v1;

/**
 * Revokes one task.
 *
 * @throws NotFound, Ended; Unavailable for a run that is stuck
 */
export async function revokeTask(rpc: Rpc, id: string, { terminate = false }: RevokeOptions = {}): Promise<Revoked> {
  const handle = rpc.client.workflow.getHandle(id);
  const { status, raw } = await rpc.call(id, () => handle.describe());
  if (REVOKED.has(status.name)) return { status: 'revoked', task_id: id, terminated: false };
  if (!UNDER_WAY.has(status.name)) throw new Ended(id, status.name.toLowerCase());
  const started = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED;
  const running = (raw.pendingActivities ?? []).filter(({ state }) => state === started);
  if (terminate || running.length === 0) {
    await rpc.call(id, () => handle.cancel());
    requireDelivery(id, raw);
  } else await lastAttempts(rpc, id, running);
  return { status: 'revoked', task_id: id, terminated: terminate && running.length > 0 };
}

/** Makes the running attempts the last ones; they end normally, as in Celery. */
export async function lastAttempts(rpc: Rpc, id: string, running: readonly PendingActivity[]): Promise<void> {
  for (const { activityId, attempt } of running) await lastAttempt(rpc, id, activityId ?? '', attempt ?? 1);
}

interface PendingActivity {
  readonly activityId?: string | null;
  readonly attempt?: number | null;
}

const REVOKED: ReadonlySet<string> = new Set(['CANCELLED', 'TERMINATED']);
const UNDER_WAY: ReadonlySet<string> = new Set(['RUNNING', 'PAUSED']);

async function lastAttempt(rpc: Rpc, workflowId: string, activityId: string, attempt: number): Promise<void> {
  await rpc.call(workflowId, (client) =>
    client.workflowService.updateActivityOptions({
      namespace: client.options.namespace,
      identity: client.options.identity,
      execution: { workflowId },
      id: activityId,
      activityOptions: { retryPolicy: { maximumAttempts: attempt } },
      updateMask: { paths: ['retry_policy.maximum_attempts'] },
    }),
  );
}

/** A run without tags has no list that could lack one. */
const NOT_OF_SYSTEM = `(${searchAttributes.tags} IS NULL OR ${searchAttributes.tags} != '${SYSTEM_TAG}')`;

/** Which runs a query finds. */
interface Found {
  readonly onlyRunning: boolean;
  /** Whether runs of the system are found that the filter does not name. */
  readonly system: boolean;
}

/** Makes the server's query for tasks; the values contain no characters that must be escaped. */
export function taskQuery(filter: TaskFilter, { onlyRunning, system }: Found): string {
  const { task, tenant, tag, root } = filter;
  const parts = [
    onlyRunning ? "ExecutionStatus = 'Running'" : undefined,
    task === undefined ? `${searchAttributes.task} IS NOT NULL` : `${searchAttributes.task} = '${task}'`,
    tenant === undefined ? undefined : `${searchAttributes.tenant} = '${tenant}'`,
    tag === undefined ? undefined : `${searchAttributes.tags} = '${tag}'`,
    root === undefined ? undefined : `${searchAttributes.root} = '${root}'`,
    system || task !== undefined || tag !== undefined ? undefined : NOT_OF_SYSTEM,
  ];
  return parts.filter((part) => part !== undefined).join(' AND ');
}

/**
 * Revokes every running task that matches.
 *
 * @throws InvalidInput the filter is empty
 */
export async function revokeMatching(
  rpc: Rpc,
  filter: TaskFilter,
  { terminate = false }: RevokeOptions = {},
): Promise<RevokedMany> {
  const checked = validate(taskFilterSchema, filter, 'filter');
  if (Object.values(checked).every((value) => value === undefined))
    throw new InvalidInput([{ field: 'filter', expected: 'a task, tenant, tag or root', got: 'an empty object' }]);
  const query = taskQuery(checked, { onlyRunning: true, system: false });
  const matched = terminate ? await cancelAll(rpc, query) : await revokeEach(rpc, query);
  return { status: 'revoked', matched, terminated: terminate };
}

/** Revokes the tasks individually, because only the description of a task shows whether it has begun. */
async function revokeEach(rpc: Rpc, query: string): Promise<number> {
  const ids: string[] = [];
  for await (const { workflowId } of rpc.client.workflow.list({ query })) ids.push(workflowId);
  for (let at = 0; at < ids.length; at += IN_FLIGHT) {
    await Promise.all(
      ids.slice(at, at + IN_FLIGHT).map((id) =>
        revokeTask(rpc, id).catch((error: unknown) => {
          // The task has ended since the listing.
          if (!(error instanceof Ended)) throw error;
        }),
      ),
    );
  }
  return ids.length;
}

/** Cancels the tasks by one batch operation of the server. */
async function cancelAll(rpc: Rpc, query: string): Promise<number> {
  const jobId = `revoke-${randomUUID()}`;
  const { namespace, identity } = rpc.client.options;
  const { count } = await rpc.call(jobId, (client) => client.workflow.count(query));
  if (count === 0) return 0;
  await rpc.call(jobId, (client) =>
    client.workflowService.startBatchOperation({
      namespace,
      jobId,
      visibilityQuery: query,
      reason: 'revoked',
      cancellationOperation: { identity },
    }),
  );
  const giveUpAt = Date.now() + BATCH_PATIENCE_MS;
  for (;;) {
    const job = await rpc.call(jobId, (client) => client.workflowService.describeBatchOperation({ namespace, jobId }));
    if (job.state !== BatchOperationState.BATCH_OPERATION_STATE_RUNNING) return Number(job.completeOperationCount);
    if (Date.now() > giveUpAt)
      throw new Unavailable(`The server is still revoking ${count} tasks (batch operation ${jobId}).`);
    await pauseFor(100);
  }
}
