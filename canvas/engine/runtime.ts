/** What the engine needs from where it runs: a workflow, or a process in eager mode. */
import type { CallNode, Node } from '../model/nodes.ts';
import type { CanvasFailure, CanvasOutcome } from '../model/outcome.ts';
import type { DetachedCanvas } from '../splitting/detached.ts';
import type { PartRunner } from '../splitting/parts.ts';
import type { CallRequest, CallReply } from '../model/request.ts';

/**
 * How an error callback wants to be called: `inline` with request, error and
 * traceback where the failed task ran (a failure of it is only logged), `task`
 * as a call with the id of the failed call, `payload` as a call with
 * `{ failed: FailedCall }`.
 */
export type ErrbackStyle = 'inline' | 'task' | 'payload';

/** What error callbacks are told. */
export interface FailedCall {
  readonly id: string;
  readonly task: string;
  readonly path: string;
  readonly type: string;
  readonly message: string;
}

/** What happened to one call, for logs and live views. */
export interface CallEvent {
  readonly id: string;
  readonly path: string;
  readonly task: string;
  readonly state: 'waiting' | 'running' | 'retrying' | 'replaced' | 'succeeded' | 'failed' | 'revoked';
  readonly retries: number;
  readonly failure?: CanvasFailure;
  /** What it gave, once it has succeeded. */
  readonly value?: unknown;
}

/** Receives the plan of a run and the progress of its nodes. */
export interface CanvasWatcher {
  readonly notify: (event: CallEvent) => void;
  /**
   * A canvas has been planned that will run.
   *
   * @param parent - path of the call that brought it about; `null` for the canvas of the run
   */
  readonly planned: (node: Node, parent: string | null) => void;
  /** A composite node has begun. */
  readonly entered: (node: Node) => void;
  readonly left: (node: Node, outcome: CanvasOutcome) => void;
}

/** The world of one run. Everything must be deterministic where the run is replayed. */
export interface CanvasRuntime extends Partial<CanvasWatcher> {
  /** Makes one attempt. Rejects only when the run is cancelled. */
  call(request: CallRequest): Promise<CallReply>;
  /** @param path - of the call that waits; it may be woken when it is revoked */
  sleep(ms: number, path?: string): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
  newId(): string;
  errbackStyle(task: string): ErrbackStyle;
  /** The outcome of a call that an earlier run has made: it is not made again. */
  known?(path: string): { readonly value: unknown } | undefined;
  /**
   * Starts work that can be cancelled apart from the rest of the run: what it
   * waits for then rejects. @defaultValue work that goes on to its end
   */
  scoped?<T>(work: () => Promise<T>): { readonly done: Promise<T>; readonly cancel: () => void };
  /** Runs oversized nodes. Without it everything runs here, whatever it weighs. */
  readonly partRunner?: PartRunner;
  /**
   * Starts a canvas that goes on when the run has ended, or was stopped; resolves when it cannot be lost any more.
   *
   * @defaultValue it runs here, and the run ends after it
   */
  readonly detach?: (canvas: DetachedCanvas) => Promise<void>;
  /** Runs work that is not stopped when the run is cancelled. @defaultValue the work as it is */
  shielded?<T>(work: () => Promise<T>): Promise<T>;
  /** The input of a call as its task is given it. @defaultValue `{ args, kwargs }` */
  inputOf?(request: CallRequest): unknown;
  /** Says whether `next` may be made in the same worker right behind a call of `task`. @defaultValue never */
  mayFollow?(call: Pick<CallNode, 'task' | 'options'>, next: Pick<CallNode, 'task' | 'options'>): boolean;
}
