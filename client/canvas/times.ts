/**
 * Times of the calls of a run: waits, attempts and delays. A workflow knows only when it scheduled an activity and when that
 * ended; the other times come from the history and, for running activities, from the description of the run.
 */
import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { CanvasTreeNode } from '../../contracts/canvas/views.ts';
import { decoded } from '../connection/decoded.ts';
import { millis } from '../connection/proto-time.ts';
import type { Rpc } from '../connection/rpc.ts';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];
type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** The server's times of one call, in milliseconds since 1970. */
interface CallTimes {
  readonly scheduledAt: number;
  /** Id of the running activity. */
  readonly activityId: string | undefined;
  /** Workflow id of a call that runs as a separate workflow. */
  readonly workflowId: string | undefined;
  startedAt?: number;
  endedAt?: number;
  attempts?: number;
}

/** The times of the calls of a run, by path. */
export interface RunTimes {
  readonly calls: ReadonlyMap<string, CallTimes>;
  /** Pending activities by id. */
  readonly pending: ReadonlyMap<string, Pending>;
  readonly nowMs: number;
}

/** What the server told of a run. */
export interface RunRecord {
  readonly history: History;
  /** By the id of the event. */
  readonly summaries: ReadonlyMap<number, unknown>;
  readonly pending: readonly Pending[];
  readonly nowMs: number;
}

/** The summaries of a history's calls. */
export async function summariesOf(rpc: Rpc, { events }: History): Promise<ReadonlyMap<number, unknown>> {
  const withSummary = (events ?? []).flatMap(({ eventId, userMetadata }) =>
    userMetadata?.summary ? [{ id: Number(eventId), payload: userMetadata.summary }] : [],
  );
  const texts = await decoded(
    rpc,
    withSummary.map(({ payload }) => payload),
  );
  return new Map(withSummary.map(({ id }, index) => [id, texts[index]]));
}

/** Reads the times from a history and the pending activities; the summary of each activity names its call. */
export function timesOf({ history, summaries, pending, nowMs }: RunRecord): RunTimes {
  const byEvent = new Map<number, CallTimes>();
  const calls = new Map<string, CallTimes>();
  for (const event of history.events ?? []) {
    const begun = beginningOf(event);
    if (begun === undefined) note(byEvent, event);
    else {
      byEvent.set(Number(event.eventId), begun);
      const path = pathOf(summaries.get(Number(event.eventId)));
      if (path !== undefined) calls.set(path, begun);
    }
  }
  return { calls, pending: new Map(pending.map((one) => [one.activityId ?? '', one])), nowMs };
}

function beginningOf(event: HistoryEvent): CallTimes | undefined {
  const activity = event.activityTaskScheduledEventAttributes;
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  if (!activity && !child) return undefined;
  return {
    scheduledAt: millis(event.eventTime),
    activityId: activity?.activityId ?? undefined,
    workflowId: child?.workflowId ?? undefined,
  };
}

/** Returns the path from a summary of the form `task path`. */
function pathOf(text: unknown): string | undefined {
  return typeof text === 'string' ? text.split(' ').at(-1) : undefined;
}

function note(byEvent: ReadonlyMap<number, CallTimes>, event: HistoryEvent): void {
  const started = event.activityTaskStartedEventAttributes;
  if (started) {
    const call = byEvent.get(Number(started.scheduledEventId));
    if (call !== undefined) Object.assign(call, { startedAt: millis(event.eventTime), attempts: started.attempt ?? 1 });
    return;
  }
  const call = byEvent.get(endOf(event));
  if (call !== undefined) call.endedAt = millis(event.eventTime);
}

/** Returns the id of the event that scheduled what this event ends; -1 for other events. */
function endOf(event: HistoryEvent): number {
  const activity =
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes;
  if (activity) return Number(activity.scheduledEventId);
  const child =
    event.childWorkflowExecutionCompletedEventAttributes ??
    event.childWorkflowExecutionFailedEventAttributes ??
    event.childWorkflowExecutionCanceledEventAttributes;
  return child ? Number(child.initiatedEventId) : -1;
}

/** Adds the known times to a tree. */
export function withTimes(node: CanvasTreeNode, times: RunTimes): CanvasTreeNode {
  const call = node.kind === 'call' && node.sentAt !== undefined ? times.calls.get(node.path) : undefined;
  const children = node.children?.map((child) => withTimes(child, times));
  return {
    ...node,
    ...(call === undefined ? {} : withPacked(node, viewOf(call, times))),
    ...(children === undefined ? {} : { children }),
  };
}

type View = Partial<CanvasTreeNode>;

/** Adds the attempts that a call had in packs, which only the run has counted. */
function withPacked({ attempts: packed = 0 }: CanvasTreeNode, view: View): View {
  return view.attempts === undefined ? view : { ...view, attempts: packed + view.attempts };
}

function viewOf(call: CallTimes, { pending, nowMs }: RunTimes): View {
  const { scheduledAt, activityId, workflowId, endedAt } = call;
  const underWay = endedAt === undefined ? pending.get(activityId ?? '') : undefined;
  return {
    sentAt: isoOf(scheduledAt),
    ...(workflowId === undefined ? {} : { workflowId }),
    ...(endedAt === undefined ? {} : { endedAt: isoOf(endedAt) }),
    ...(underWay === undefined ? endedView(call) : pendingView(underWay, nowMs)),
  };
}

/** Returns the times of an ended call. The history holds the start of the last attempt only, so the wait is known only for a single attempt. */
function endedView({ scheduledAt, startedAt, endedAt, attempts }: CallTimes): View {
  if (startedAt === undefined || attempts === undefined) return {};
  return {
    attempts,
    startedAt: isoOf(startedAt),
    ...(attempts === 1 ? { queueWaitMs: between(scheduledAt, startedAt) } : {}),
    ...(endedAt === undefined ? {} : { runMs: between(startedAt, endedAt) }),
  };
}

const { PendingActivityState } = proto.temporal.api.enums.v1;

function pendingView(pending: Pending, nowMs: number): View {
  const attempt = pending.attempt ?? 1;
  const waits = pending.state === PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED;
  return waits ? waitingView(pending, attempt, nowMs) : runningView(pending, attempt, nowMs);
}

function runningView({ scheduledTime, lastStartedTime }: Pending, attempts: number, nowMs: number): View {
  const startedAt = millis(lastStartedTime);
  return {
    state: 'running',
    attempts,
    startedAt: isoOf(startedAt),
    queueWaitMs: between(millis(scheduledTime), startedAt),
    runMs: between(startedAt, nowMs),
  };
}

function waitingView(pending: Pending, attempt: number, nowMs: number): View {
  const { scheduledTime, nextAttemptScheduleTime, currentRetryInterval, lastFailure } = pending;
  const dueAt = millis(nextAttemptScheduleTime ?? scheduledTime);
  if (attempt === 1) return { state: 'waiting', attempts: 0, queueWaitMs: between(dueAt, nowMs) };
  return {
    state: 'retrying',
    attempts: attempt - 1,
    nextAttemptAt: isoOf(dueAt),
    queueWaitMs: between(dueAt, nowMs),
    ...(currentRetryInterval ? { backoffMs: millis(currentRetryInterval) } : {}),
    ...(lastFailure
      ? {
          failure: {
            type: lastFailure.applicationFailureInfo?.type ?? 'WorkerLost',
            message: lastFailure.message ?? '',
          },
        }
      : {}),
  };
}

function between(from: number, to: number): number {
  return Math.max(0, Math.round(to - from));
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
