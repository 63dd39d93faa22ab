/**
 * Packs: many short calls in one activity. Each call keeps its own id, attempts, time limit, log and outcome.
 */

/** Name of the activity that every worker registers on every queue in addition to the tasks. */
export const PACK_ACTIVITY = 'perennial.pack';

/** Attempts of a pack. If both end without a report, one of its calls probably kills workers, so the rest run singly. */
export const PACK_ATTEMPTS = 2;

/** Heartbeat timeout of a pack, in milliseconds; a task with a longer one extends it. */
export const PACK_HEARTBEAT_MS = 5000;

/** Time after which a pack returns the calls that it has not begun, in milliseconds. */
export const PACK_BUDGET_MS = 1500;

/** Size of the outputs as JSON, in bytes, beyond which a pack returns the calls that it has not begun. */
export const PACK_OUTPUT_BYTES = 128 * 1024;

/**
 * Batchable tasks, each with its queue. They are part of the input of a run, so that it replays unchanged after the
 * catalogue has changed.
 */
export type PackedTasks = Readonly<Record<string, string>>;

/** One call in a pack. */
export interface PackedStep {
  readonly id: string;
  readonly task: string;
  /** Positional arguments, after the result of the previous step unless {@link immutable}. @defaultValue none */
  readonly args?: readonly unknown[] | undefined;
  /** Keyword arguments. @defaultValue none */
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Whether the step ignores the result of the previous step. @defaultValue false */
  readonly immutable?: boolean | undefined;
  /** Positions of items whose results it gets as a list; it begins only when all have succeeded. @defaultValue none */
  readonly joins?: readonly number[] | undefined;
  /** Number of the attempt, from 1. @defaultValue 1 */
  readonly attempt?: number | undefined;
  readonly softMs?: number | undefined;
  readonly hardMs?: number | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** Tenant of the call. @defaultValue the tenant of the pack */
  readonly tenant?: string | undefined;
  /** Id from which business keys are derived. @defaultValue the workflow's */
  readonly runId?: string | undefined;
  /** Set when it was parked before. */
  readonly parked?: number | undefined;
}

/** Calls that run one after the other, each with the result of the previous one; most items have a single call. */
export type PackedItem = readonly PackedStep[];

/** Input of the activity. */
export interface Pack {
  readonly items: readonly PackedItem[];
  readonly tenant?: string | undefined;
}

/** Outcome of one call. */
export type PackedOutcome =
  | { readonly value: unknown }
  | {
      readonly failure: { readonly type: string; readonly message: string };
      /** Delay before the next attempt, in milliseconds; absent when there is none. */
      readonly retryInMs?: number | undefined;
      /** Whether the call was not made, because its provider takes none for the moment: no attempt is used up. */
      readonly parked?: true | undefined;
      /** Where the call failed; absent when another attempt follows. */
      readonly stack?: string | undefined;
    };

/** For each item the outcomes of the steps that ran; empty for an item that was not begun. */
export type PackOutcomes = readonly (readonly PackedOutcome[])[];

/** Output of the activity. */
export interface PackReport {
  readonly outcomes: PackOutcomes;
  /** For each task, the number of calls that ended and their total duration in milliseconds. */
  readonly spent: Readonly<Record<string, readonly [calls: number, ms: number]>>;
}
