import {
  CancellationScope,
  defineQuery,
  defineSignal,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { CanvasRuntime } from '../../canvas/engine/runtime.ts';
import type { SignatureOptions } from '../../canvas/signature/signature.ts';
import {
  type StreamedCall,
  type RunStreamedCallsInput,
  streamedCallsMessages,
  type CallOutcome,
  type CallStanding,
  streamedCallId,
} from '../../contracts/tasks/streamed-calls.ts';
import { isFailureType } from '../../contracts/failures.ts';
import { createCatalogueCalls } from '../canvas/catalogue-calls.ts';
import type { CallReply, CallRequest } from '../../canvas/model/request.ts';
import { argumentsFor } from '../../canvas/signature/task-input.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';

/** Where one call stands, by its place; `null` for a place that no call has. */
export const standingQuery = defineQuery<CallStanding | null, [number]>(streamedCallsMessages.standing);
/** The outcome of each call, by its place; `null` for those that go on. */
export const endedQuery = defineQuery<readonly (CallOutcome | null)[]>(streamedCallsMessages.ended);
export const revokeSignal = defineSignal<[index: number, terminate: boolean]>(streamedCallsMessages.revoke);

interface Call {
  sent: boolean;
  outcome?: CallOutcome;
  readonly scope: CancellationScope;
}

/**
 * Runs independent calls of one task that were made as a stream. Each is a task
 * of its own: its id is that of the run and its place. Ends when all have ended.
 *
 * @returns one outcome for each call, in order; never throws for a failed call
 */
export async function runStreamedCalls(batch: RunStreamedCallsInput): Promise<readonly CallOutcome[]> {
  const { task, tenant, packed } = batch;
  const calls = batch.calls.map((): Call => ({ sent: false, scope: new CancellationScope() }));
  answer(calls);
  setCurrentDetails(`${calls.length} calls of ${task}`);
  const sent = (path: string): void => {
    const call = calls[Number(path)];
    if (call !== undefined) call.sent = true;
  };
  // Calls of a stream are revoked one by one, by their scopes, not by paths.
  const { call: make } = createCatalogueCalls({ tenant, packed, sent, isRevoked: () => false, ownIds: true });
  await Promise.all(
    calls.map(async (call, index) => {
      const one = batch.calls[index];
      if (one !== undefined) call.outcome = await outcomeOf(make, call, requestOf(batch, one, index));
    }),
  );
  return calls.map(({ outcome }) => outcome ?? REVOKED);
}

const REVOKED: CallOutcome = { revoked: 'the task was revoked' };

function answer(calls: readonly Call[]): void {
  setHandler(
    standingQuery,
    (index) => {
      const call = calls[index];
      return call === undefined ? null : { sent: call.sent, outcome: call.outcome };
    },
    { description: 'Where the call at a place stands' },
  );
  setHandler(endedQuery, () => calls.map(({ outcome = null }) => outcome), { description: 'What has ended' });
  setHandler(
    revokeSignal,
    (index, terminate) => {
      const call = calls[index];
      // A call that a worker has begun runs to its end, as in Celery, unless it is terminated.
      if (call?.outcome === undefined && (terminate || call?.sent === false)) call?.scope.cancel();
    },
    { description: 'Stops the call at a place' },
  );
}

async function outcomeOf(make: CanvasRuntime['call'], { scope }: Call, request: CallRequest): Promise<CallOutcome> {
  try {
    return replyOutcome(await scope.run(() => make(request)), request);
  } catch (error) {
    if (isCancellation(error)) return REVOKED;
    throw error;
  }
}

function replyOutcome(reply: CallReply, { options }: CallRequest): CallOutcome {
  if (reply.kind === 'done') return { value: options.ignore_result === true ? null : reply.value };
  if (reply.kind !== 'failed') return { failure: { type: 'Unexpected', message: `a call cannot ${reply.kind}` } };
  const { type, message } = reply.failure;
  return { failure: { type: isFailureType(type) ? type : 'Unexpected', message } };
}

function requestOf({ task }: RunStreamedCallsInput, { input, facts = {} }: StreamedCall, index: number): CallRequest {
  const id = streamedCallId(workflowInfo().workflowId, index);
  return {
    id,
    task,
    ...argumentsFor(input),
    options: optionsOf(facts),
    retries: 0,
    path: String(index),
    rootId: id,
    parentId: null,
    group: null,
    inChord: false,
    inline: null,
    expiresAt: null,
  };
}

function optionsOf({
  queue,
  softMs,
  hardMs,
  headers,
  ignoreResult,
}: NonNullable<StreamedCall['facts']>): SignatureOptions {
  return {
    queue: queue ?? null,
    headers: headers ?? null,
    ignore_result: ignoreResult ?? null,
    soft_time_limit: softMs === undefined ? null : softMs / SECOND_MS,
    time_limit: hardMs === undefined ? null : hardMs / SECOND_MS,
  };
}
