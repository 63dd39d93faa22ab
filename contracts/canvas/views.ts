/** What can be seen of a canvas run: its counts, its tree, its failed members. Plain data without arguments or results. */

/**
 * Where a call of a canvas stands.
 *
 * - `waiting`: its turn, its time or a worker has not come
 * - `running`: a worker is at it
 * - `retrying`: an attempt failed and the next one is due later
 * - `revoked`: stopped by somebody, or expired before it began
 * - `replaced`: it put a canvas in its own place
 * - `skipped`: never begun, because what it needed failed or the run was stopped
 */
export type CanvasCallState =
  'waiting' | 'running' | 'retrying' | 'succeeded' | 'failed' | 'revoked' | 'replaced' | 'skipped';

/** Calls by where they stand; callbacks count from when they are due. */
export type CanvasCounts = { readonly [S in CanvasCallState]: number };

/** How far a run is. Costs the same for any size. */
export interface CanvasProgress extends CanvasCounts {
  readonly total: number;
  /** Of those that succeeded: taken over from the run that this one repeats. */
  readonly kept: number;
  /** Everything has come to rest. */
  readonly over: boolean;
  /** ISO time. */
  readonly startedAt: string;
  /** Estimate from the pace so far, in milliseconds; `null` before the first call has ended. */
  readonly remainingMs: number | null;
  /** Workflow id of the run whose failed members this one runs again. */
  readonly retryOf: string | null;
}

/** What a part of a canvas is for the part that holds it. */
export type CanvasRole =
  'root' | 'step' | 'member' | 'header' | 'body' | 'item' | 'link' | 'errback' | 'sent' | 'replaced' | 'added';

/** One node of the tree. Times are ISO texts. */
export interface CanvasTreeNode {
  /** `call`, or what holds calls: `chain`, `group`, `chord`, `map` and others. */
  readonly kind: string;
  readonly role: CanvasRole;
  /** Names the node in messages, in `tree` and in `revoke`, for example `root/2/header/0`. */
  readonly path: string;
  readonly state: CanvasCallState;
  readonly task?: string;
  /** Of a call that has begun. */
  readonly id?: string;
  /** Workflow id of a call that runs as a workflow of its own. */
  readonly workflowId?: string;
  /** Workflow id of the part that runs the node, where the canvas is run in parts; it holds for all below as well. */
  readonly part?: string;
  /** The outcome was taken over from an earlier run. */
  readonly kept?: true;
  /** Attempts begun so far. */
  readonly attempts?: number;
  /** Handed to the workers. */
  readonly sentAt?: string;
  /** The last attempt began. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** Milliseconds between being handed out and the beginning of the first attempt; of later attempts, of the last while it can be told. */
  readonly queueWaitMs?: number;
  /** Milliseconds of the last attempt, up to now while it runs. */
  readonly runMs?: number;
  /** Milliseconds between the failed attempt and the next. */
  readonly backoffMs?: number;
  readonly nextAttemptAt?: string;
  readonly failure?: { readonly type: string; readonly message: string };
  /** Children in all. */
  readonly size?: number;
  /** Those that this answer has room for. */
  readonly children?: readonly CanvasTreeNode[];
  /** Number of the first child that it has no room for: `after` of the next question. */
  readonly next?: number;
}

/** Which piece of a tree is asked for. */
export interface CanvasTreeQuery {
  /** @defaultValue root */
  readonly path?: string | undefined;
  /** Levels below the node. @defaultValue 3 */
  readonly depth?: number | undefined;
  /** Children of the node to leave out at the front. @defaultValue 0 */
  readonly after?: number | undefined;
  /** Nodes of the answer, up to 500. @defaultValue 200 */
  readonly limit?: number | undefined;
}

/** Several nodes of one run at once, for whoever shows a page of a tree that is run in parts. */
export interface CanvasNodesQuery {
  readonly paths: readonly string[];
  /** Levels below the nodes. */
  readonly depth: number;
  /** Nodes of the answer. */
  readonly limit: number;
}

/** A part of which its run has not heard how it ended. */
export interface OpenPart {
  readonly workflowId: string;
  /** Those that it was handed; its own total has those that they brought about as well. */
  readonly calls: number;
}

/** What a run says of itself, and the parts of which it has not heard how they ended. */
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

/** A page of a list, and where the next begins. */
export interface CanvasPage<T> {
  readonly entries: readonly T[];
  /** `null` after the last page. */
  readonly next: number | null;
}

/** What a call gave, for a run that repeats this one. */
export interface CanvasKnown {
  readonly path: string;
  readonly value: unknown;
}
