/** Outcomes of the nodes of a canvas, as plain data. */
import type { Signature } from '../signature/signature.ts';
import { pythonText, pythonTuple, pythonValue } from '../signature/python.ts';

/** Why a node failed. */
export interface CanvasFailure {
  /** Name of the error: of the failure registry for tasks of the catalogue. */
  readonly type: string;
  readonly message: string;
  /** Id of the call that failed. */
  readonly taskId?: string;
  /** Name of the task that failed. */
  readonly task?: string;
  /** Where it stands in the canvas. */
  readonly path?: string;
  /** For the body of a chord: the failure of the header member that kept it from running. */
  readonly cause?: CanvasFailure;
  /** Error callbacks that were told of it for bodies that it kept from running. */
  readonly told?: readonly Signature[];
}

/** The outcome of one node. */
export type CanvasOutcome =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** The value that callers see, where it differs from what the next step was given: an ignored result is null. */
      readonly shown?: { readonly value: unknown };
    }
  | { readonly ok: false; readonly failure: CanvasFailure };

/** The value that callers see. */
export function shownValue(outcome: CanvasOutcome & { readonly ok: true }): unknown {
  return outcome.shown === undefined ? outcome.value : outcome.shown.value;
}

/** The outcome of a group whose members have all succeeded. */
export function listOutcome(outcomes: readonly (CanvasOutcome & { readonly ok: true })[]): CanvasOutcome {
  const value = outcomes.map((outcome) => outcome.value);
  if (outcomes.every(({ shown }) => shown === undefined)) return { ok: true, value };
  return { ok: true, value, shown: { value: outcomes.map(shownValue) } };
}

/** What the body of a chord is told when a header member failed. */
export function chordFailure(memberId: string, cause: CanvasFailure): CanvasFailure {
  return {
    type: 'ChordError',
    message: `Dependency ${memberId} raised ${cause.type}(${pythonText(cause.message)})`,
    cause,
  };
}

/** The failure of a call that asked for one attempt too many without naming an error. */
export function retriesExhausted(
  task: string,
  id: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
): CanvasFailure {
  const message = `Can't retry ${task}[${id}] args:${pythonTuple(args)} kwargs:${pythonValue(kwargs)}`;
  return { type: 'MaxRetriesExceededError', message };
}

/** Celery's own words for a call that came too late. */
export const EXPIRED: CanvasFailure = { type: 'TaskRevokedError', message: 'expired' };

/** Celery's own words for a call that somebody has stopped. */
export const REVOKED: CanvasFailure = { type: EXPIRED.type, message: 'revoked' };
