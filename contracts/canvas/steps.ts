/** Built-in steps of a canvas: their names in the data, and the options that they take. */
import { DAY_SECONDS } from '../values/units.ts';

/** Names of the built-in steps. The prefix is reserved, so no name of a task begins with it. */
export const canvasSteps = {
  /** Continues with one of two branches, chosen by the previous result. */
  when: 'perennial.when',
  /** Runs a branch for each entry of the list that the previous step returned. */
  map: 'perennial.map',
  /** Waits for a person. */
  approval: 'perennial.approval',
  /** Runs a pipeline and returns its result. */
  pipeline: 'perennial.pipeline',
} as const;

/** One of {@link canvasSteps}. */
export type CanvasStep = (typeof canvasSteps)[keyof typeof canvasSteps];

/** Tells whether a name is that of a built-in step. */
export function isCanvasStep(name: string): name is CanvasStep {
  return (Object.values(canvasSteps) as readonly string[]).includes(name);
}

/** Most entries of a list that `perennial.map` accepts: by default (`normal`), and as the largest option (`most`). */
export const MAP_LIMIT = { normal: 1000, most: 10_000 } as const;

/** Outcome of an approval that nobody decides in time; a canvas may be given instead. */
export const APPROVAL_TIMEOUTS = ['fail', 'reject', 'approve'] as const;

/** One of {@link APPROVAL_TIMEOUTS}. */
export type ApprovalTimeout = (typeof APPROVAL_TIMEOUTS)[number];

/** Longest wait for a decision, in seconds: 366 days. */
export const LONGEST_APPROVAL = 366 * DAY_SECONDS;

/** Messages for runs with approvals. */
export const approvalMessages = { approvals: 'approvals', decisions: 'decisions', decide: 'decide' } as const;

/** A step that waits for a person. */
export interface PendingApproval {
  /** Path of the step in the canvas, for example `root/2`. */
  readonly path: string;
  /** Question that the person is asked. */
  readonly message: string;
  /** Time at which the step began to wait, ISO 8601. */
  readonly since: string;
  /** Time at which the wait ends, ISO 8601; `null` when it has no end. */
  readonly until: string | null;
}

/** The decision of a person about an approval. */
export interface ApprovalDecision {
  readonly path: string;
  readonly decision: 'approve' | 'reject';
  /** Name or address of the person who decided. */
  readonly by: string;
  readonly note?: string | undefined;
}

/**
 * Explains why a decision is refused.
 *
 * @param path - step that the decision is about
 * @param open - paths of the steps that wait
 * @param had - earlier decision about the same step
 */
export function refusalOfDecision(path: string, open: readonly string[], had?: ApprovalDecision): string {
  const waiting = open.join(', ') || 'none';
  const got = had === undefined ? `'${path}'` : `'${path}', which ${had.by} has decided (${had.decision})`;
  return `path: expected a step that waits for a person (${waiting}), got ${got}`;
}

/** Result of an approval whose canvas asks for the decision. */
export interface Approved<T> {
  readonly approved: boolean;
  /** `null` when nobody decided in time. */
  readonly by: string | null;
  readonly note: string | null;
  /** Input of the step. */
  readonly value: T;
}
