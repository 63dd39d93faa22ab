/** Results of calls that are too long for the answer of a run: read from its history, where large ones are references. */
import type { WorkflowHandle } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { effectsIn } from '../../canvas/model/task-effects.ts';
import { childOfMember, memberActivityId } from '../../contracts/canvas/members.ts';
import { type Pack, PACK_ACTIVITY, type PackReport } from '../../contracts/tasks/packs.ts';
import { decoded } from '../connection/decoded.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { RunOf } from './queries.ts';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];
type Scheduled = NonNullable<HistoryEvent['activityTaskScheduledEventAttributes']>;

/** Reads all results under one id, in the order of the history: one of a call, one for each item of a map. */
export async function resultsOf(rpc: Rpc, { workflowId, runId }: RunOf, id: string): Promise<readonly unknown[]> {
  const { events } = await rpc.call(workflowId, (client) =>
    client.workflow.getHandle(workflowId, runId).fetchHistory(),
  );
  const begun = new Map((events ?? []).map((event) => [Number(event.eventId), event]));
  const results: unknown[] = [];
  for (const event of events ?? []) {
    const { by, payload } = completionOf(event);
    const start = begun.get(by);
    if (start !== undefined) results.push(...(await resultsIn(rpc, start, payload, { id, workflowId })));
  }
  return results;
}

/** Returns the number of the event that began what this event completes, and what it gave. */
function completionOf(event: HistoryEvent): { readonly by: number; readonly payload: Payload | undefined } {
  const activity = event.activityTaskCompletedEventAttributes;
  const child = event.childWorkflowExecutionCompletedEventAttributes;
  const by = Number(activity?.scheduledEventId ?? child?.initiatedEventId ?? -1);
  return { by, payload: (activity ?? child)?.result?.payloads?.[0] ?? undefined };
}

interface Wanted {
  readonly id: string;
  readonly workflowId: string;
}

async function resultsIn(
  rpc: Rpc,
  {
    activityTaskScheduledEventAttributes: activity,
    startChildWorkflowExecutionInitiatedEventAttributes: child,
  }: HistoryEvent,
  payload: Payload | undefined,
  { id, workflowId }: Wanted,
): Promise<readonly unknown[]> {
  const isOwn = activity?.activityId === memberActivityId(id) || child?.workflowId === childOfMember(workflowId, id);
  if (isOwn) return [withoutEffects((await decoded(rpc, payload ? [payload] : []))[0])];
  return activity?.activityType?.name === PACK_ACTIVITY && payload ? packedResults(rpc, activity, payload, id) : [];
}

async function packedResults(
  rpc: Rpc,
  { input }: Scheduled,
  payload: Payload,
  id: string,
): Promise<readonly unknown[]> {
  // Both were written by the activity that packs are.
  const [{ items }] = (await decoded(rpc, (input?.payloads ?? []).slice(0, 1))) as readonly [Pack];
  const [{ outcomes }] = (await decoded(rpc, [payload])) as readonly [PackReport];
  return items.flatMap((steps, item) =>
    steps.flatMap((step, index) => {
      const outcome = step.id === id ? outcomes[item]?.[index] : undefined;
      return outcome !== undefined && 'value' in outcome ? [withoutEffects(outcome.value)] : [];
    }),
  );
}

/** A task that composes gives its canvases together with its result. */
function withoutEffects(result: unknown): unknown {
  const effects = effectsIn(result);
  return (effects === undefined ? result : effects.value) ?? null;
}
