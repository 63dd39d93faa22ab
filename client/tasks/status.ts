/** State of a task by the server's description, which is correct even when no worker is running. */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes, type TaskState } from '../../contracts/tasks/calls.ts';
import { PARKED_TAG } from '../../contracts/parked/vocabulary.ts';
import { unmarkedOutput } from '../../contracts/values/sealed.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { innermostStack } from '../canvas/member-results.ts';
import { decoded } from '../connection/decoded.ts';
import { Stopped, stuckRemedy } from '../connection/errors.ts';
import { isoTime, millis } from '../connection/proto-time.ts';
import type { Rpc } from '../connection/rpc.ts';
import { stuckAttempt } from '../connection/stuck.ts';
import { parkedIn } from '../parked/look.ts';
import { indexedTexts } from './run-pages.ts';
import type { TaskInfo } from './types.ts';

type Raw = WorkflowExecutionDescription['raw'];
type Pending = NonNullable<Raw['pendingActivities']>[number];

/** State of a run with details. */
export interface Look {
  readonly state: TaskState;
  readonly result?: unknown;
  readonly traceback?: string | undefined;
  readonly info: unknown;
}

/** Returns the state of a task. @throws NotFound no task has the id */
export async function describeTask(rpc: Rpc, id: string): Promise<TaskInfo> {
  const description = await rpc.call(id, (client) => client.workflow.getHandle(id).describe());
  const [name, tenant] = [
    keywordOf(description, searchAttributes.task),
    keywordOf(description, searchAttributes.tenant),
  ];
  return taskInfo({ id, name, tenant }, await lookAt(rpc, id, description));
}

/** Makes the answer about a task from its state. */
export function taskInfo(
  { id, name, tenant }: { readonly id: string; readonly name: string | null; readonly tenant: string | null },
  look: Look,
): TaskInfo {
  const ready = ['SUCCESS', 'FAILURE', 'REVOKED'].includes(look.state);
  return {
    task_id: id,
    task_name: name,
    state: look.state,
    result: look.result ?? null,
    traceback: look.traceback ?? null,
    info: look.info,
    tenant,
    ready,
    successful: ready ? look.state === 'SUCCESS' : null,
    failed: ready ? look.state === 'FAILURE' : null,
  };
}

/** Reads a search attribute of a run. */
export function keywordOf({ searchAttributes: indexed }: Indexed, name: string): string | null {
  const value: unknown = indexed[name]?.[0];
  return typeof value === 'string' ? value : null;
}

interface Indexed {
  readonly searchAttributes: Readonly<Record<string, readonly unknown[] | undefined>>;
}

async function lookAt(rpc: Rpc, id: string, description: WorkflowExecutionDescription): Promise<Look> {
  switch (description.status.name) {
    case 'COMPLETED': {
      const result = unmarkedOutput(await rpc.call(id, (client) => client.workflow.result(id)));
      return { state: 'SUCCESS', result, info: result };
    }
    case 'CANCELLED':
    case 'TERMINATED':
      return revokedLook(`the task was ${description.status.name.toLowerCase()}`);
    case 'FAILED':
    case 'TIMED_OUT':
      return failed(rpc, id);
    default:
      return underWay(rpc, description.raw);
  }
}

/** Makes the look at a revoked task. */
export function revokedLook(reason: string): Look {
  return { state: 'REVOKED', result: reason, info: { reason } };
}

async function failed(rpc: Rpc, id: string): Promise<Look> {
  const error: unknown = await rpc
    .call(id, (client: Client) => client.workflow.result(id))
    .then(
      () => undefined,
      (rejection: unknown) => rejection,
    );
  if (error instanceof Stopped) {
    const info = { exc_type: 'HardTimeLimit', exc_message: error.message };
    return { state: 'FAILURE', result: error.message, info };
  }
  if (!(error instanceof PerennialError)) throw error;
  if (error.type === 'TaskExpired') return revokedLook(error.message);
  return { ...failedLook(error), traceback: innermostStack(error.cause) };
}

/** Makes the look at a failed task. */
export function failedLook({ type, message }: { readonly type: string; readonly message: string }): Look {
  return { state: 'FAILURE', result: message, info: { exc_type: type, exc_message: message } };
}

const { PendingActivityState, TimeoutType } = proto.temporal.api.enums.v1;
const AT_WORK: ReadonlySet<unknown> = new Set([
  PendingActivityState.PENDING_ACTIVITY_STATE_STARTED,
  PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED,
]);

/** Derives the state of a running workflow from its activities. */
export async function underWay(rpc: Rpc, raw: Raw): Promise<Look> {
  const attempt = stuckAttempt(raw);
  if (attempt !== undefined) return { state: 'PENDING', info: stuckInfo(raw, attempt) };
  const pending = (raw.pendingActivities ?? []).filter(
    ({ activityType }) => activityType?.name?.startsWith('limits.') !== true,
  );
  // What waits for a person has failed; only a run in which nothing else is done waits as a whole.
  if (pending.length === 0 && isParked(raw)) return { state: 'RETRY', info: await parkedInfo(rpc, raw) };
  const running = pending.find(({ state }) => AT_WORK.has(state));
  if (running !== undefined) return { state: 'STARTED', info: await runningInfo(rpc, running) };
  const paused = pending.find((activity) => activity.paused === true);
  if (paused !== undefined) return { state: 'PENDING', info: pausedInfo(raw, paused) };
  const retried = pending.find(({ attempt }) => (attempt ?? 1) > 1);
  if (retried !== undefined) return { state: 'RETRY', info: retryInfo(retried) };
  return { state: 'PENDING', info: waitingInfo(raw) };
}

function isParked({ workflowExecutionInfo }: Raw): boolean {
  return indexedTexts(workflowExecutionInfo ?? {}, searchAttributes.tags).includes(PARKED_TAG);
}

/** Says why a run waits for a person, and until when. */
async function parkedInfo(rpc: Rpc, raw: Raw): Promise<object> {
  const { execution } = raw.workflowExecutionInfo ?? {};
  const { steps, waiting } = await parkedIn(rpc, { workflowId: idOf(raw), runId: execution?.runId ?? '' });
  const [first] = steps;
  const failure = first === undefined ? {} : { exc_type: first.failure.type, exc_message: first.failure.message };
  const times = { since: first?.since ?? null, until: first?.until ?? null };
  return { parked: waiting, ...failure, ...times, remedy: `perennial parked show '${idOf(raw)}'` };
}

function idOf({ workflowExecutionInfo }: Raw): string {
  return workflowExecutionInfo?.execution?.workflowId ?? '';
}

/** Describes a stuck run, whose workflow task fails. */
function stuckInfo(raw: Raw, attempt: number): object {
  const id = idOf(raw);
  return { stuck: `the workflow task fails, attempt ${String(attempt)}`, remedy: stuckRemedy(id) };
}

/** Describes an activity that was paused with Temporal's tools. */
function pausedInfo(raw: Raw, { activityId, attempt, pauseInfo }: Pending): object {
  const id = idOf(raw);
  const { identity = null, reason = null } = pauseInfo?.manual ?? {};
  return {
    ...{ paused: true, paused_at: isoTime(pauseInfo?.pauseTime), paused_by: identity, reason },
    retry_count: (attempt ?? 1) - 1,
    remedy: `temporal activity unpause --workflow-id '${id}' --activity-id '${String(activityId)}'`,
  };
}

async function runningInfo(
  rpc: Rpc,
  { attempt, lastWorkerIdentity, lastStartedTime, heartbeatDetails }: Pending,
): Promise<object> {
  const [progress = null] = await decoded(rpc, heartbeatDetails?.payloads?.slice(0, 1) ?? []);
  return {
    worker: lastWorkerIdentity ?? null,
    retry_count: (attempt ?? 1) - 1,
    started_at: isoTime(lastStartedTime),
    // The heartbeat details are the progress of the task.
    progress,
  };
}

/** Describes the last failure while the next attempt is pending. */
function retryInfo({ attempt, lastFailure, scheduledTime }: Pending): object {
  return {
    exc_type: lastFailure?.applicationFailureInfo?.type ?? timeoutName(lastFailure) ?? 'Unexpected',
    exc_message: lastFailure?.message ?? '',
    retry_count: (attempt ?? 1) - 1,
    // An attempt that is due waits only for a worker.
    next_attempt_at: millis(scheduledTime) > Date.now() ? isoTime(scheduledTime) : null,
  };
}

function timeoutName(failure: Pending['lastFailure']): string | undefined {
  const timeout = failure?.timeoutFailureInfo;
  if (!timeout) return undefined;
  // The worker sent no heartbeat.
  return timeout.timeoutType === TimeoutType.TIMEOUT_TYPE_HEARTBEAT ? 'WorkerLost' : 'HardTimeLimit';
}

function waitingInfo({ workflowExecutionInfo: execution }: Raw): object | null {
  const eta = execution?.executionTime;
  const delayed = millis(eta) > millis(execution?.startTime) && millis(eta) > Date.now();
  return delayed ? { eta: isoTime(eta) } : null;
}
