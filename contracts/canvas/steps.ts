/** Steps of a canvas that are no tasks: what they are called in the data, and what they may ask for. */
import { DAY_SECONDS } from '../values/units.ts';

/** By what they do. The prefix is reserved: no task's name begins with it. */
export const canvasSteps = {
  /** Goes on with one of two parts, by the value before it. */
  when: 'perennial.when',
  /** A part for each entry of the list before it. */
  map: 'perennial.map',
  /** Waits for a person. */
  approval: 'perennial.approval',
  /** Runs a workflow of ours and gives its result. */
  pipeline: 'perennial.pipeline',
} as const;

/** One of {@link canvasSteps}. */
export type CanvasStep = (typeof canvasSteps)[keyof typeof canvasSteps];

/** Says whether a name is one of a step that is no task. */
export function isCanvasStep(name: string): name is CanvasStep {
  return (Object.values(canvasSteps) as readonly string[]).includes(name);
}

/** Entries of a list that `perennial.map` takes unless it says otherwise, and at most. */
export const MAP_LIMIT = { normal: 1000, most: 10_000 } as const;

/** What happens to an approval that nobody decides in time; a canvas takes its place. */
export const APPROVAL_TIMEOUTS = ['fail', 'reject', 'approve'] as const;

/** One of {@link APPROVAL_TIMEOUTS}. */
export type ApprovalTimeout = (typeof APPROVAL_TIMEOUTS)[number];

/** Longest wait for a person, in seconds: a year. */
export const LONGEST_APPROVAL = 366 * DAY_SECONDS;

/** Messages of a run that waits for a person. */
export const approvalMessages = { approvals: 'approvals', decisions: 'decisions', decide: 'decide' } as const;

/** A step that waits for a person. */
export interface PendingApproval {
  /** Where it stands in the canvas, for example `root/2`. */
  readonly path: string;
  /** What is asked. */
  readonly message: string;
  /** ISO time since when it waits. */
  readonly since: string;
  /** ISO time until when it waits; `null` for ever. */
  readonly until: string | null;
}

/** What a person decided. */
export interface ApprovalDecision {
  readonly path: string;
  readonly decision: 'approve' | 'reject';
  /** Who decided: a name or an address. */
  readonly by: string;
  readonly note?: string | undefined;
}

/**
 * Why a decision is refused.
 *
 * @param path - what was decided about
 * @param open - paths of the steps that wait
 * @param had - what somebody has decided about it before
 */
export function refusalOfDecision(path: string, open: readonly string[], had?: ApprovalDecision): string {
  const waiting = open.join(', ') || 'none';
  const got = had === undefined ? `'${path}'` : `'${path}', which ${had.by} has decided (${had.decision})`;
  return `path: expected a step that waits for a person (${waiting}), got ${got}`;
}

/** What an approval gives that was asked for its decision. */
export interface Approved<T> {
  readonly approved: boolean;
  /** `null` where nobody decided in time. */
  readonly by: string | null;
  readonly note: string | null;
  /** What was given to the step. */
  readonly value: T;
}
