/** The vocabulary of failed steps that wait for a person: how a run asks for it, and what is said about them. */
import { DAY_SECONDS, SECOND_MS } from '../values/units.ts';

/** What a run does with a step that has failed for good. */
export const ON_FAILURE = ['park'] as const;

/** One of {@link ON_FAILURE}: the step waits until a person says how it goes on. */
export type OnFailure = (typeof ON_FAILURE)[number];

/** How long a failed step waits unless the caller says otherwise, in seconds: 7 days. */
export const PARKED_FOR_SECONDS = 7 * DAY_SECONDS;

/** Longest wait of a failed step, in seconds: 366 days. */
export const LONGEST_PARKED_SECONDS = 366 * DAY_SECONDS;

/** Most steps that one answer about a run lists. */
export const MAX_PARKED_SHOWN = 1_000;

/** Tag of a run while failed steps wait in it. */
export const PARKED_TAG = 'perennial.parked';

/** Fields of the memo with which a workflow that is written by hand is started, so that its failed calls wait. */
export const parkedMemo = { onFailure: 'onFailure', parkedFor: 'parkedFor' } as const;

/** Messages of runs in which failed steps wait. */
export const parkedMessages = {
  /** Query for what waits and what was decided. */
  parked: 'parked',
  /** Update that decides. */
  decide: 'decideParked',
} as const;

/** What may be done with a parked step. */
export const PARKED_ACTIONS = ['retry', 'skip', 'abort'] as const;

/** One of {@link PARKED_ACTIONS}. */
export type ParkedAction = (typeof PARKED_ACTIONS)[number];

/** A step that has failed for good and waits for a person. */
export interface ParkedStep {
  /** Where it stands in the run, for example `root/2` in a canvas; `root` for a single task. */
  readonly path: string;
  /** Name of the task. */
  readonly task: string;
  /** Why it failed. */
  readonly failure: { readonly type: string; readonly message: string };
  /** Since when it waits, ISO 8601. */
  readonly since: string;
  /** When it fails as it would have failed at once, ISO 8601. */
  readonly until: string;
}

/** What a person has decided. */
export interface ParkedDecision {
  /** All steps that wait at and below this path are meant. */
  readonly path: string;
  readonly action: ParkedAction;
  /** Name or address of the person. */
  readonly by: string;
  readonly reason?: string | undefined;
  /** Of a retry: another input of the task. @defaultValue the input that it had */
  readonly input?: unknown;
  /** Of a skip: what takes the place of the result. */
  readonly value?: unknown;
}

/** A decision as it is kept: the values are in the history. */
export interface ParkedRecord extends Pick<ParkedDecision, 'path' | 'action' | 'by'> {
  /** `null` where none was given. */
  readonly reason: string | null;
  /** ISO 8601. */
  readonly at: string;
  /** Steps that it was about. */
  readonly steps: number;
}

/** What a run tells. */
export interface ParkedView {
  /** What waits, the first first; at most {@link MAX_PARKED_SHOWN}. */
  readonly steps: readonly ParkedStep[];
  /** All that waits, also what is not listed. */
  readonly waiting: number;
  /** What was decided last, the oldest first. */
  readonly decisions: readonly ParkedRecord[];
}

/** Says whether a path is that of a step or of something below it. */
export function isAtOrBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}

/**
 * Explains why a decision is refused; `undefined` for one that can be carried out.
 *
 * @param decision - what a person wants
 * @param waiting - paths of the steps that wait
 */
export function refusalOfParked(decision: ParkedDecision, waiting: readonly string[]): string | undefined {
  const { path } = decision;
  const meant = waiting.filter((one) => isAtOrBelow(one, path)).length;
  if (meant === 0) {
    const known = waiting.slice(0, 20).join(', ') || 'none';
    return `path: expected a step that is parked, or one above it (${known}), got '${path.slice(0, 200)}'`;
  }
  return refusalOfField(decision, 'input', 'retry', meant) ?? refusalOfField(decision, 'value', 'skip', meant);
}

/** A field belongs to one action, and to a single step. */
function refusalOfField(
  decision: ParkedDecision,
  field: 'input' | 'value',
  of: ParkedAction,
  meant: number,
): string | undefined {
  const { action } = decision;
  if (decision[field] === undefined)
    return action === 'skip' && field === 'value'
      ? 'value: expected what takes the place of the result, got none'
      : undefined;
  if (action !== of) return `${field}: expected none beside ${action}, got one`;
  return meant === 1 ? undefined : `path: expected a single step beside ${field}, got ${meant} of them`;
}

/** Returns how long failed steps wait, in milliseconds; `undefined` where they do not. */
export function parkMsOf(onFailure: unknown, parkedFor: unknown): number | undefined {
  if (onFailure !== 'park') return undefined;
  const given = typeof parkedFor === 'number' && parkedFor > 0 ? parkedFor : PARKED_FOR_SECONDS;
  return Math.ceil(Math.min(given, LONGEST_PARKED_SECONDS) * SECOND_MS);
}
