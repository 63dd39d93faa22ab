/** The steps that a run has begun, and which of them its redrive need not do again, as its history tells. */
import type { Payload } from '@temporalio/common';
import type { StepKind } from '../../contracts/dlq/steps.ts';
import type { History, HistoryEvent, RunId } from './history.ts';

/** A step that was begun. */
export interface BegunStep {
  readonly kind: StepKind;
  readonly type: string;
  readonly input: Payload[];
  /** Number of the event with which it began. */
  readonly eventId: number;
  readonly activityId: string | undefined;
  end?: StepEnd;
}

/** How a step has ended. */
interface StepEnd {
  readonly eventId: number;
  readonly succeeded: boolean;
  readonly result: Payload[];
  /** The run of a child. */
  readonly run: RunId | undefined;
}

/** Returns the steps in the order in which they began. A task that was parked and called again is one step. */
export function begunSteps({ events }: History): readonly BegunStep[] {
  const byEvent = new Map<number, BegunStep>();
  const waiting = new Map<string, BegunStep>();
  for (const event of events ?? []) {
    const eventId = Number(event.eventId);
    const begun = beginningOf(event, eventId);
    if (begun !== undefined) {
      // A parked call keeps its id, which no other call of the run has.
      const step = (begun.activityId === undefined ? undefined : waiting.get(begun.activityId)) ?? begun;
      byEvent.set(eventId, step);
      if (step.activityId !== undefined) waiting.set(step.activityId, step);
      continue;
    }
    const end = endOf(event, eventId);
    const step = end && byEvent.get(end.beganAt);
    if (step) step.end = end;
  }
  return [...new Set(byEvent.values())];
}

function beginningOf(event: HistoryEvent, eventId: number): BegunStep | undefined {
  const task = event.activityTaskScheduledEventAttributes;
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  if (task) {
    const activityId = task.activityId ?? undefined;
    return { kind: 'task', eventId, type: nameIn(task.activityType), input: payloadsIn(task.input), activityId };
  }
  if (!child) return undefined;
  const [type, input] = [nameIn(child.workflowType), payloadsIn(child.input)];
  return { kind: 'child', eventId, type, input, activityId: undefined };
}

function nameIn(type: { readonly name?: string | null } | null | undefined): string {
  return type?.name ?? '';
}

/** Payloads as the server notes them; none where it notes nothing. */
export function payloadsIn(given: { readonly payloads?: Payload[] | null } | null | undefined): Payload[] {
  return given?.payloads ?? [];
}

type Ended = StepEnd & { readonly beganAt: number };

function endOf(event: HistoryEvent, eventId: number): Ended | undefined {
  return endOfTask(event, eventId) ?? endOfChild(event, eventId);
}

function endOfTask(event: HistoryEvent, eventId: number): Ended | undefined {
  const done = event.activityTaskCompletedEventAttributes;
  const task = done ?? event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
  if (!task) return undefined;
  const beganAt = Number(task.scheduledEventId);
  return { eventId, beganAt, run: undefined, succeeded: Boolean(done), result: payloadsIn(done?.result) };
}

function endOfChild(event: HistoryEvent, eventId: number): Ended | undefined {
  const done = event.childWorkflowExecutionCompletedEventAttributes;
  const child =
    done ?? event.childWorkflowExecutionFailedEventAttributes ?? event.childWorkflowExecutionTimedOutEventAttributes;
  if (!child) return undefined;
  const { workflowId, runId } = child.workflowExecution ?? {};
  return {
    ...{ eventId, beganAt: Number(child.initiatedEventId) },
    ...{ succeeded: Boolean(done), result: payloadsIn(done?.result) },
    run: workflowId && runId ? { workflowId, runId } : undefined,
  };
}

/**
 * Chooses the steps whose results are kept: those that succeeded, but not
 *
 * - what the failure has led to, such as a compensation: tasks that were not called before it
 * - what was begun after somebody had cancelled the run, for the same reason
 * - what made the workflow itself fail: it would decide the same with the same results
 */
export function stepsToKeep(history: History, steps: readonly BegunStep[]): ReadonlySet<BegunStep> {
  const succeeded = steps.filter(({ end }) => end?.succeeded === true);
  const failure = failureIn(history);
  if (!failure) {
    const stoppedAt = cancelIn(history);
    return new Set(succeeded.filter(({ eventId }) => eventId < stoppedAt));
  }
  const failedAt = culpritOf(failure, steps)?.end?.eventId;
  if (failedAt === undefined) {
    const decidedAfter = lastDecision(history);
    return new Set(succeeded.filter(({ end }) => (end?.eventId ?? 0) < decidedAfter));
  }
  const before = new Set(steps.filter(({ eventId }) => eventId < failedAt).map(({ type }) => type));
  return new Set(succeeded.filter(({ eventId, type }) => eventId < failedAt || before.has(type)));
}

/** Number of the event with which the run was cancelled; infinite where it was not. */
function cancelIn({ events }: History): number {
  const cancelled = (events ?? []).find((event) => event.workflowExecutionCancelRequestedEventAttributes);
  return cancelled ? Number(cancelled.eventId) : Infinity;
}

/** Says whether the workflow itself failed, and did so without a new step. */
export function failedOfItself(history: History, steps: readonly BegunStep[]): boolean {
  return steps.length === 0 && Boolean(failureIn(history));
}

function failureIn({ events }: History): Failure | null | undefined {
  return (events ?? []).at(-1)?.workflowExecutionFailedEventAttributes?.failure;
}

type Failure = NonNullable<NonNullable<HistoryEvent['workflowExecutionFailedEventAttributes']>['failure']>;

/** The step whose failure is the failure of the run. */
function culpritOf(failure: Failure, steps: readonly BegunStep[]): BegunStep | undefined {
  for (let at: Failure | null | undefined = failure; at; at = at.cause) {
    const { activityFailureInfo: task, childWorkflowExecutionFailureInfo: child } = at;
    const activityId = task?.activityId;
    if (activityId) return steps.findLast((step) => step.activityId === activityId);
    const beganAt = Number(child?.initiatedEventId ?? 0);
    if (beganAt > 0) return steps.find(({ eventId }) => eventId === beganAt);
  }
  return undefined;
}

/** Number of the event up to which results had led to something other than the end. */
function lastDecision({ events }: History): number {
  const decisions = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  return Number(decisions.at(-2)?.eventId ?? 0);
}
