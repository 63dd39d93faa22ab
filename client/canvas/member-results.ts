/**
 * What the answer of a run leaves out of a call: long results, and where it failed. Both are read from its history.
 */
import type { WorkflowHandle } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import { effectsIn } from '../../canvas/model/task-effects.ts';
import { childOfMember, memberActivityId } from '../../contracts/canvas/members.ts';
import { type Pack, PACK_ACTIVITY, type PackedOutcome, type PackReport } from '../../contracts/tasks/packs.ts';
import { decoded } from '../connection/decoded.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { RunOf } from './queries.ts';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];

/** Reads all results under one id, in the order of the history: one of a call, one for each item of a map. */
export async function resultsOf(rpc: Rpc, run: RunOf, id: string): Promise<readonly unknown[]> {
  const { workflowId } = run;
  const results: unknown[] = [];
  for (const { start, end } of await stepsOf(rpc, run)) {
    const payload = payloadOf(end);
    if (isOwn(start, { id, workflowId })) {
      if (isCompletion(end)) results.push(withoutEffects((await decoded(rpc, payload))[0]));
    } else {
      const outcomes = await packedOutcomes(rpc, start, payload, id);
      results.push(...outcomes.flatMap((outcome) => ('value' in outcome ? [withoutEffects(outcome.value)] : [])));
    }
  }
  return results;
}

/** Reads where the last attempt at a call failed; `undefined` for one that failed outside of a task. */
export async function stackIn(rpc: Rpc, run: RunOf, id: string): Promise<string | undefined> {
  const { workflowId } = run;
  let stack: string | undefined;
  for (const { start, end } of await stepsOf(rpc, run)) {
    const own = isOwn(start, { id, workflowId });
    const packed = own ? [] : await packedOutcomes(rpc, start, payloadOf(end), id);
    const stacks = packed.flatMap((outcome) => ('failure' in outcome ? (outcome.stack ?? []) : []));
    stack = (own ? innermostStack(await errorOf(rpc, end)) : stacks.at(-1)) ?? stack;
  }
  return stack;
}

/** Returns the innermost stack of an error, because the outer ones only show where the failure was passed on. */
export function innermostStack(error: unknown): string | undefined {
  let stack: string | undefined;
  for (let at = error; at instanceof Error; at = at.cause) if (at.stack) stack = at.stack;
  return stack;
}

/** An activity or a child of a run: the event that began it, and the one that ended it. */
interface Step {
  readonly start: HistoryEvent;
  readonly end: HistoryEvent;
}

async function stepsOf(rpc: Rpc, { workflowId, runId }: RunOf): Promise<readonly Step[]> {
  const { events } = await rpc.call(workflowId, (client) =>
    client.workflow.getHandle(workflowId, runId).fetchHistory(),
  );
  const begun = new Map((events ?? []).map((event) => [Number(event.eventId), event]));
  return (events ?? []).flatMap((end) => {
    const start = begun.get(startOf(end));
    return start === undefined ? [] : [{ start, end }];
  });
}

/** Returns the number of the event that began what this event ends; 0 for an event that ends nothing. */
function startOf(event: HistoryEvent): number {
  const activity = event.activityTaskCompletedEventAttributes ?? event.activityTaskFailedEventAttributes;
  const child =
    event.childWorkflowExecutionCompletedEventAttributes ?? event.childWorkflowExecutionFailedEventAttributes;
  return Number(activity?.scheduledEventId ?? child?.initiatedEventId ?? 0);
}

function isCompletion(event: HistoryEvent): boolean {
  return Boolean(event.activityTaskCompletedEventAttributes ?? event.childWorkflowExecutionCompletedEventAttributes);
}

function payloadOf(event: HistoryEvent): Payload[] {
  const completed = event.activityTaskCompletedEventAttributes ?? event.childWorkflowExecutionCompletedEventAttributes;
  return (completed?.result?.payloads ?? []).slice(0, 1);
}

function errorOf({ client }: Rpc, event: HistoryEvent): Promise<Error | undefined> {
  const failed = event.activityTaskFailedEventAttributes ?? event.childWorkflowExecutionFailedEventAttributes;
  return decodeOptionalFailureToOptionalError(client.options.loadedDataConverter, failed?.failure);
}

interface Wanted {
  readonly id: string;
  readonly workflowId: string;
}

function isOwn(
  {
    activityTaskScheduledEventAttributes: activity,
    startChildWorkflowExecutionInitiatedEventAttributes: child,
  }: HistoryEvent,
  { id, workflowId }: Wanted,
): boolean {
  return activity?.activityId === memberActivityId(id) || child?.workflowId === childOfMember(workflowId, id);
}

/** Returns what became of a call in a pack; nothing where the activity is no pack or does not have the call. */
async function packedOutcomes(
  rpc: Rpc,
  { activityTaskScheduledEventAttributes: activity }: HistoryEvent,
  payload: Payload[],
  id: string,
): Promise<readonly PackedOutcome[]> {
  if (activity?.activityType?.name !== PACK_ACTIVITY || payload.length === 0) return [];
  // Both were written by the activity that packs are.
  const [{ items }] = (await decoded(rpc, (activity.input?.payloads ?? []).slice(0, 1))) as readonly [Pack];
  const [{ outcomes }] = (await decoded(rpc, payload)) as readonly [PackReport];
  return items.flatMap((steps, item) =>
    steps.flatMap((step, index) => (step.id === id ? (outcomes[item]?.[index] ?? []) : [])),
  );
}

/** A task that composes gives its canvases together with its result. */
function withoutEffects(result: unknown): unknown {
  const effects = effectsIn(result);
  return (effects === undefined ? result : effects.value) ?? null;
}
