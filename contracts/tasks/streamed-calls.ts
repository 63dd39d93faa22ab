/** The vocabulary of calls that were made as a stream: many calls, one run. */
import type { CallFacts } from './calls.ts';
import type { FailureRecord } from '../failures.ts';
import type { PackedTasks } from './packs.ts';

/** Messages of the run. */
export const streamedCallsMessages = {
  /** Query: where one call stands, by its place. */
  standing: 'standing',
  /** Query: what has ended. */
  ended: 'ended',
  /** Signal: the place of a call that is to be stopped, and whether also when it was handed to a worker. */
  revoke: 'revokeCall',
} as const;

/** Calls of one run at most. */
export const MAX_STREAMED_CALLS = 1000;

/** Their inputs as JSON, in characters: far below what the server takes in one message. */
export const MAX_STREAMED_CHARACTERS = 256 * 1024;

/** One call: its input, and what it says otherwise than the row of its task. */
export interface StreamedCall {
  readonly input: unknown;
  readonly facts?: Pick<CallFacts, 'queue' | 'softMs' | 'hardMs' | 'ignoreResult' | 'headers'> | undefined;
}

/** What a run of calls is started with; all call one task for one tenant. */
export interface RunStreamedCallsInput {
  readonly task: string;
  readonly calls: readonly StreamedCall[];
  readonly tenant?: string | undefined;
  readonly packed?: PackedTasks | undefined;
}

/** What became of one call. */
export type CallOutcome =
  | { readonly value: unknown }
  | { readonly failure: Pick<FailureRecord, 'message' | 'type'> }
  | { readonly revoked: string };

/** Where one call stands. */
export interface CallStanding {
  /** It was handed to a worker. */
  readonly sent: boolean;
  readonly outcome?: CallOutcome | undefined;
}

const PREFIX = 'calls:';

/** The id of a run of calls. */
export function streamedCallsWorkflowId(key: string): string {
  return `${PREFIX}${key}`;
}

/** The id of a call in a stream: that of its run, and its place. */
export function streamedCallId(batchId: string, index: number): string {
  return `${batchId}/${index}`;
}

/** The parts of the id of a call in a stream; `undefined` for ids of other calls. */
export function parseStreamedCallId(id: string): { readonly batchId: string; readonly index: number } | undefined {
  const [, batchId, place] = /^(calls:[^/]+)\/(0|[1-9]\d{0,5})$/.exec(id) ?? [];
  return batchId === undefined ? undefined : { batchId, index: Number(place) };
}
