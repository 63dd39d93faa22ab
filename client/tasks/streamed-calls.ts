/** Handles of streamed calls, whose ids consist of the id of a run and an index. */
import { unmarkedOutput } from '../../contracts/values/sealed.ts';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import {
  streamedCallsMessages,
  type CallOutcome,
  type CallStanding,
  parseStreamedCallId,
} from '../../contracts/tasks/streamed-calls.ts';
import { searchAttributes } from '../../contracts/tasks/calls.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { Ended, NotFound, Stopped, Unavailable } from '../connection/errors.ts';
import { jobHandle } from '../connection/handles.ts';
import type { Rpc } from '../connection/rpc.ts';
import { keywordOf, type Look, taskInfo, underWay } from './status.ts';
import type { TaskHandle, TaskInfo } from './types.ts';
import type { WaitOptions } from '../connection/jobs.ts';
import type { Revoked, RevokeOptions } from './requests.ts';

/** The calls of one run, shared by all handles, so that they share requests. */
export interface StreamedCalls {
  handle<Result>(index: number): TaskHandle<Result>;
}

/** Time between two queries for results of a running stream, in milliseconds. */
const LOOK_EVERY_MS = 1000;

/** Returns the handle of a streamed call; `undefined` for other ids. */
export function streamedHandle<Result>(rpc: Rpc, id: string): TaskHandle<Result> | undefined {
  const parts = parseStreamedCallId(id);
  return parts === undefined ? undefined : streamedCalls(rpc, parts.batchId).handle<Result>(parts.index);
}

/** Binds the calls of a run to a connection, without a request to the server. */
export function streamedCalls(rpc: Rpc, batchId: string): StreamedCalls {
  const results = createResults(rpc, batchId);
  return {
    handle: <Result>(index: number): TaskHandle<Result> => {
      const id = `${batchId}/${index}`;
      return {
        id,
        // The caller chooses the type of the result.
        result: async (options) => valueOf(await results.wait(index, options), id) as Result,
        status: () => statusOf(rpc, batchId, index),
        revoke: (options) => revokeOne(rpc, batchId, index, options),
      };
    },
  };
}

function valueOf(outcome: CallOutcome, id: string): unknown {
  if ('value' in outcome) return unmarkedOutput(outcome.value);
  if ('revoked' in outcome) throw new Stopped(id, 'cancelled');
  throw new PerennialError(outcome.failure.type, outcome.failure.message);
}

interface Results {
  wait(index: number, options?: WaitOptions): Promise<CallOutcome>;
}

/** Waits for the end of the run, and queries the results of calls that end earlier. */
function createResults(rpc: Rpc, batchId: string): Results {
  let all: Promise<readonly CallOutcome[]> | undefined;
  let some: Promise<readonly (CallOutcome | null)[]> | undefined;
  const ofAll = (): Promise<readonly CallOutcome[]> => {
    all ??= jobHandle<readonly CallOutcome[]>(rpc, batchId)
      .result()
      .catch((error: unknown) => {
        all = undefined;
        throw error;
      });
    return quietly(all);
  };
  // All waiting handles share one query a second.
  const lookAtSome = (): Promise<readonly (CallOutcome | null)[]> => {
    some ??= pause(LOOK_EVERY_MS)
      .then(() => ended(rpc, batchId))
      .finally(() => (some = undefined));
    return quietly(some);
  };
  return {
    wait: async (index, { timeoutMs = Number.POSITIVE_INFINITY, signal } = {}) => {
      const giveUpAt = Date.now() + timeoutMs;
      const whole = ofAll();
      for (;;) {
        if (signal?.aborted === true || Date.now() >= giveUpAt)
          throw new Unavailable(`No result of '${batchId}/${index}' within the time given.`);
        const found = await Promise.race([whole, lookAtSome(), pause(Math.min(giveUpAt - Date.now(), LOOK_EVERY_MS))]);
        if (found === undefined) continue;
        const outcome = found[index];
        if (outcome === undefined) throw new NotFound(`${batchId}/${index}`, 'task');
        if (outcome !== null) return outcome;
      }
    },
  };
}

/** Marks a rejection as handled, so that it is not reported when no handle waits any more. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, undefined).unref();
  });
}

async function ended(rpc: Rpc, batchId: string): Promise<readonly (CallOutcome | null)[]> {
  try {
    return await rpc.call(batchId, (client) =>
      client.workflow.getHandle(batchId).query<readonly (CallOutcome | null)[]>(streamedCallsMessages.ended),
    );
  } catch (error) {
    // No worker answers; the results arrive with the end of the run.
    if (error instanceof Unavailable) return await new Promise(() => undefined);
    throw error;
  }
}

async function statusOf(rpc: Rpc, batchId: string, index: number): Promise<TaskInfo> {
  const id = `${batchId}/${index}`;
  const description = await describe(rpc, batchId, index);
  const look = await lookAt(rpc, batchId, index, description);
  const [name, tenant] = [
    keywordOf(description, searchAttributes.task),
    keywordOf(description, searchAttributes.tenant),
  ];
  return taskInfo({ id, name, tenant }, look);
}

/** Reads the server's description of the run. @throws NotFound the run or the index is unknown */
async function describe(rpc: Rpc, batchId: string, index: number): Promise<WorkflowExecutionDescription> {
  const id = `${batchId}/${index}`;
  const description = await rpc.call(id, (client) => client.workflow.getHandle(batchId).describe());
  const count: unknown = description.memo?.['calls'];
  if (typeof count === 'number' && index >= count) throw new NotFound(id, 'task');
  return description;
}

async function lookAt(
  rpc: Rpc,
  batchId: string,
  index: number,
  { status, raw }: WorkflowExecutionDescription,
): Promise<Look> {
  if (status.name === 'COMPLETED') {
    const outcomes = await jobHandle<readonly CallOutcome[]>(rpc, batchId).result();
    return lookOf(outcomes[index] ?? { revoked: 'the task was revoked' });
  }
  if (status.name !== 'RUNNING') return lookOf({ revoked: `the task was ${status.name.toLowerCase()}` });
  const standing = await standingOf(rpc, batchId, index);
  if (standing?.outcome !== undefined) return lookOf(standing.outcome);
  return standing?.sent === true ? underWay(rpc, raw) : { state: 'PENDING', info: null };
}

function lookOf(outcome: CallOutcome): Look {
  if ('value' in outcome) return { state: 'SUCCESS', result: outcome.value, info: outcome.value };
  if ('revoked' in outcome) return { state: 'REVOKED', result: outcome.revoked, info: { reason: outcome.revoked } };
  const { type, message } = outcome.failure;
  return { state: 'FAILURE', result: message, info: { exc_type: type, exc_message: message } };
}

/** Queries the state of one call; `undefined` when no worker answers. */
async function standingOf(rpc: Rpc, batchId: string, index: number): Promise<CallStanding | undefined> {
  try {
    const found = await rpc.call(batchId, (client) =>
      client.workflow.getHandle(batchId).query<CallStanding | null, [number]>(streamedCallsMessages.standing, index),
    );
    if (found === null) throw new NotFound(`${batchId}/${index}`, 'task');
    return found;
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}

async function revokeOne(
  rpc: Rpc,
  batchId: string,
  index: number,
  { terminate = false }: RevokeOptions = {},
): Promise<Revoked> {
  const { state, info } = await statusOf(rpc, batchId, index);
  const id = `${batchId}/${index}`;
  if (state === 'REVOKED') return { status: 'revoked', task_id: id, terminated: false };
  if (state === 'SUCCESS' || state === 'FAILURE') throw new Ended(id, state.toLowerCase());
  await rpc.call(id, (client) =>
    client.workflow.getHandle(batchId).signal(streamedCallsMessages.revoke, index, terminate),
  );
  return { status: 'revoked', task_id: id, terminated: terminate && state === 'STARTED' && info !== null };
}
