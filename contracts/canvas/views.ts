/** Views of a canvas run: its counts, its tree and its failed members. They hold no arguments and no results. */

/**
 * State of a call in a canvas.
 *
 * - `waiting`: for its predecessors, its start time, a limit or a worker
 * - `running`: a worker executes it
 * - `retrying`: an attempt failed and the next one is due later
 * - `revoked`: revoked, or expired before it began
 * - `replaced`: it replaced itself by a canvas
 * - `skipped`: never begun, because a predecessor failed or the run was stopped
 */
export type CanvasCallState =
  'waiting' | 'running' | 'retrying' | 'succeeded' | 'failed' | 'revoked' | 'replaced' | 'skipped';

/** Number of calls in each state; callbacks are counted from the moment they are due. */
export type CanvasCounts = { readonly [S in CanvasCallState]: number };

/** Progress of a run; reading it costs the same for any number of calls. */
export interface CanvasProgress extends CanvasCounts {
  readonly total: number;
  /** Succeeded calls whose results were taken from the run that this one repeats. */
  readonly kept: number;
  /** Whether every call has ended. */
  readonly over: boolean;
  /** Start of the run, ISO 8601. */
  readonly startedAt: string;
  /** Estimate from the pace so far, in milliseconds; `null` before the first call has ended. */
  readonly remainingMs: number | null;
  /** Workflow id of the run whose failed members this one runs again. */
  readonly retryOf: string | null;
}

/** Role of a node in its parent. */
export type CanvasRole =
  'root' | 'step' | 'member' | 'header' | 'body' | 'item' | 'link' | 'errback' | 'sent' | 'replaced' | 'added';

/** One node of the tree; times are ISO 8601. */
export interface CanvasTreeNode {
  /** `call`, or a kind that contains calls: `chain`, `group`, `chord`, `map` and others. */
  readonly kind: string;
  readonly role: CanvasRole;
  /** Names the node in messages, in `tree` and in `revoke`, for example `root/2/header/0`. */
  readonly path: string;
  readonly state: CanvasCallState;
  readonly task?: string;
  /** Id of a call that has begun. */
  readonly id?: string;
  /** Workflow id of a call that runs as a separate workflow. */
  readonly workflowId?: string;
  /** Workflow id of the part that runs this node and its descendants, when the canvas runs in parts. */
  readonly part?: string;
  /** Present when the outcome was taken from an earlier run. */
  readonly kept?: true;
  /** Number of attempts begun so far. */
  readonly attempts?: number;
  /** Time at which the call was scheduled on its queue. */
  readonly sentAt?: string;
  /** Time at which the last attempt began. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** Time from scheduling to the start of an attempt, in milliseconds: of the last attempt where it is known, else of the first. */
  readonly queueWaitMs?: number;
  /** Duration of the last attempt so far, in milliseconds. */
  readonly runMs?: number;
  /** Delay between the failed attempt and the next one, in milliseconds. */
  readonly backoffMs?: number;
  readonly nextAttemptAt?: string;
  readonly failure?: { readonly type: string; readonly message: string };
  /** Number of all children. */
  readonly size?: number;
  /** Children that fit into this answer. */
  readonly children?: readonly CanvasTreeNode[];
  /** Position of the first child that did not fit; pass it as `after` in the next query. */
  readonly next?: number;
}

/** Selects a piece of a tree. */
export interface CanvasTreeQuery {
  /** Path of the node. @defaultValue root */
  readonly path?: string | undefined;
  /** Most levels below the node. @defaultValue 3 */
  readonly depth?: number | undefined;
  /** Number of children to skip. @defaultValue 0 */
  readonly after?: number | undefined;
  /** Most nodes in the answer, up to 500. @defaultValue 200 */
  readonly limit?: number | undefined;
}

/** Selects several nodes of one run in one query; the client uses it to show a tree that runs in parts. */
export interface CanvasNodesQuery {
  readonly paths: readonly string[];
  /** Most levels below the nodes. */
  readonly depth: number;
  /** Most nodes in the answer. */
  readonly limit: number;
}

/** A part that has not yet reported its end to its run. */
export interface OpenPart {
  readonly workflowId: string;
  /** Calls that the part was given; its own total also includes calls that these calls added. */
  readonly calls: number;
}

/** Progress that a run knows itself, and the parts that have not yet reported their end. */
export interface CanvasOwnProgress extends CanvasProgress {
  readonly parts: readonly OpenPart[];
}

/** Largest answer of a tree query, in nodes. */
export const MAX_TREE_NODES = 500;

/** Deepest answer of a tree query, in levels. */
export const MAX_TREE_DEPTH = 50;

/** A call that failed or was revoked. */
export interface CanvasFailedMember {
  readonly path: string;
  readonly task: string;
  readonly id: string;
  readonly state: 'failed' | 'revoked';
  readonly type: string;
  readonly message: string;
}

/** One call of a run, found by its id. */
export interface CanvasMember {
  readonly path: string;
  readonly task: string;
  readonly state: CanvasCallState;
  /** Workflow id of the part that runs the call and knows more. */
  readonly part?: string;
  /** Result of a call that succeeded; absent when it is long, because the history holds it. */
  readonly value?: unknown;
  /** Failure of the call, or the one because of which it cannot run. */
  readonly failure?: { readonly type: string; readonly message: string };
}

/** A page of a list, with the position of the next page. */
export interface CanvasPage<T> {
  readonly entries: readonly T[];
  /** `null` after the last page. */
  readonly next: number | null;
}

/** Result of a call, for a run that repeats this one. */
export interface CanvasKnown {
  readonly path: string;
  readonly value: unknown;
}
