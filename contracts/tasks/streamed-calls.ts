/** The vocabulary of streamed calls: many calls that share one run. */
import type { CallFacts } from './calls.ts';
import type { FailureRecord } from '../failures.ts';
import type { PackedTasks } from './packs.ts';

/** Messages of the run. */
export const streamedCallsMessages = {
  /** Query for the state of one call by its index. */
  standing: 'standing',
  /** Query for the calls that have ended. */
  ended: 'ended',
  /** Signal that revokes a call by its index; it says whether a call that a worker has begun is stopped too. */
  revoke: 'revokeCall',
} as const;

/** Most calls of one run. */
export const MAX_STREAMED_CALLS = 1000;

/** Most characters of their inputs as JSON, far below the server's limit for one message. */
export const MAX_STREAMED_CHARACTERS = 256 * 1024;

/** One call: its input, and the options that differ from the row of its task. */
export interface StreamedCall {
  readonly input: unknown;
  readonly facts?: Pick<CallFacts, 'queue' | 'softMs' | 'hardMs' | 'ignoreResult' | 'headers'> | undefined;
}

/** Input of a run of streamed calls; all of them call one task for one tenant. */
export interface RunStreamedCallsInput {
  readonly task: string;
  readonly calls: readonly StreamedCall[];
  readonly tenant?: string | undefined;
  readonly packed?: PackedTasks | undefined;
}

/** Outcome of one call. */
export type CallOutcome =
  | { readonly value: unknown }
  | { readonly failure: Pick<FailureRecord, 'message' | 'type'> }
  | { readonly revoked: string };

/** State of one call. */
export interface CallStanding {
  /** Whether it was scheduled on a queue. */
  readonly sent: boolean;
  readonly outcome?: CallOutcome | undefined;
}

const PREFIX = 'calls:';

/** Returns the workflow id of a run of streamed calls. */
export function streamedCallsWorkflowId(key: string): string {
  return `${PREFIX}${key}`;
}

/** Returns the id of a streamed call, made of the id of its run and its index. */
export function streamedCallId(batchId: string, index: number): string {
  return `${batchId}/${index}`;
}

/** Parses the id of a streamed call; `undefined` for ids of other calls. */
export function parseStreamedCallId(id: string): { readonly batchId: string; readonly index: number } | undefined {
  const [, batchId, place] = /^(calls:[^/]+)\/(0|[1-9]\d{0,5})$/.exec(id) ?? [];
  return batchId === undefined ? undefined : { batchId, index: Number(place) };
}
