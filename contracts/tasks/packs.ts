/**
 * Packs: many tiny calls in one activity. Each call keeps its own id, attempts,
 * time limit, log and outcome; a pack is only how they travel.
 */

/** The activity that every worker registers on every queue beside the tasks. */
export const PACK_ACTIVITY = 'perennial.pack';

/** A pack that died twice without a word holds a call that kills workers: what is left of it goes on singly. */
export const PACK_ATTEMPTS = 2;

/** A worker silent for this long with a pack counts as dead, in milliseconds; longer where a task of it says so. */
export const PACK_HEARTBEAT_MS = 5000;

/** A pack that has worked for this long hands back what it has not begun, in milliseconds. */
export const PACK_BUDGET_MS = 1500;

/** Outputs of one pack, as JSON: with more it hands back what it has not begun. */
export const PACK_OUTPUT_BYTES = 128 * 1024;

/**
 * Tasks whose calls may share an activity, each with its queue. Stands in the
 * input of a run, so that it replays as it began whatever becomes of the
 * catalogue.
 */
export type PackedTasks = Readonly<Record<string, string>>;

/** One call in a pack. */
export interface PackedStep {
  readonly id: string;
  readonly task: string;
  /** Behind the result of the step before, unless {@link immutable}. @defaultValue none */
  readonly args?: readonly unknown[] | undefined;
  /** @defaultValue none */
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Takes nothing of the step before. @defaultValue false */
  readonly immutable?: boolean | undefined;
  /** Places of items whose values it is given as a list; it does not begin unless all have one. @defaultValue none */
  readonly joins?: readonly number[] | undefined;
  /** From 1. @defaultValue 1 */
  readonly attempt?: number | undefined;
  readonly softMs?: number | undefined;
  readonly hardMs?: number | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** On whose behalf. @defaultValue the tenant of the pack */
  readonly tenant?: string | undefined;
  /** The identity that business keys are made of. @defaultValue the workflow's */
  readonly runId?: string | undefined;
}

/** Calls one after the other, each given the result of the one before; most are alone. */
export type PackedItem = readonly PackedStep[];

/** What the activity is given. */
export interface Pack {
  readonly items: readonly PackedItem[];
  readonly tenant?: string | undefined;
}

/** What became of one call. */
export type PackedOutcome =
  | { readonly value: unknown }
  | {
      readonly failure: { readonly type: string; readonly message: string };
      /** Another attempt is due after so many milliseconds. Absent: it has failed for good. */
      readonly retryInMs?: number | undefined;
    };

/** For each item the outcomes of its steps, as far as it came: none where it was not begun. */
export type PackOutcomes = readonly (readonly PackedOutcome[])[];

/** What came of a pack. */
export interface PackReport {
  readonly outcomes: PackOutcomes;
  /** By task: calls that ended, and the milliseconds that they took together. */
  readonly spent: Readonly<Record<string, readonly [calls: number, ms: number]>>;
}
