/** What the engine needs from where it runs: a workflow, or a process in eager mode. */
import type { CallNode, Node } from './nodes.ts';
import type { CanvasFailure } from './outcome.ts';
import type { PartRunner } from './parts.ts';
import type { Signature, SignatureOptions } from './signature.ts';

/** One attempt at one call. */
export interface CallRequest {
  /** The same for each attempt. */
  readonly id: string;
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Options of the call with all that it inherits; links are followed by the engine. */
  readonly options: SignatureOptions;
  /** Attempts before this one. */
  readonly retries: number;
  /** Where it stands in the canvas, for example `root/2/header/0`. */
  readonly path: string;
  /** The call that all of this goes back to: its own id for the first. */
  readonly rootId: string;
  /** The call whose result led to this one. */
  readonly parentId: string | null;
  /** The group it is a member of, with its place; the body of a chord has no place. */
  readonly group: { readonly id: string; readonly index: number | null } | null;
  /** A chord waits for it. */
  readonly inChord: boolean;
  /** Not a call of its own: an item of a map, or an error callback that runs where the failed task ran. */
  readonly inline: 'map' | 'errback' | null;
  /** After this time the call may not start, in milliseconds since 1970. */
  readonly expiresAt: number | null;
  /** Calls that may be made right behind this one in the same worker; the engine asks for each when its turn has come. */
  readonly ahead?: readonly CallAhead[] | undefined;
  /** A call that may be made in the same worker once all calls with the same join are done. */
  readonly joined?: JoinAhead | undefined;
}

/** A call that is only waiting for the result of the one before it. */
export type CallAhead = Pick<CallRequest, 'id' | 'task' | 'args' | 'kwargs' | 'options' | 'path'> & {
  /** Takes nothing of the call before. */
  readonly immutable: boolean;
};

/** The body of a chord, for those who make its header. */
export interface JoinAhead {
  /** The same for each member of the header. */
  readonly id: string;
  /** Members of the header. */
  readonly count: number;
  readonly body: CallAhead;
}

/** Canvases that a task asked for beside its result. */
export interface CallEffects {
  /** Run on their own; nobody waits for their results. */
  readonly spawn?: readonly Signature[];
  /** Become members of the header that the call belongs to. */
  readonly addToChord?: readonly Signature[];
}

/** What came of one attempt. */
export type CallReply = CallEffects &
  (
    | { readonly kind: 'done'; readonly value: unknown }
    | { readonly kind: 'failed'; readonly failure: CanvasFailure }
    /** The task asks to be called again. */
    | {
        readonly kind: 'retry';
        /** Seconds. */
        readonly countdown: number;
        /** @defaultValue the same as before */
        readonly args?: readonly unknown[];
        readonly kwargs?: Readonly<Record<string, unknown>>;
        /** `null`: no end. */
        readonly maxRetries: number | null;
        /** What the call fails with after the last attempt. */
        readonly failure?: CanvasFailure;
      }
    /** The task puts a canvas in its own place. */
    | {
        readonly kind: 'replace';
        readonly canvas: Signature;
        /** Set for steps of the canvas itself: what stands in their place is given this, and stands where they stood. */
        readonly given?: readonly unknown[];
      }
  );

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

/** Is told what a run is made of and how its parts fare. */
export interface CanvasWatcher {
  readonly notify: (event: CallEvent) => void;
  /**
   * A canvas has been planned that will run.
   *
   * @param parent - path of the call that brought it about; `null` for the canvas of the run
   */
  readonly planned: (node: Node, parent: string | null) => void;
  /** A part that holds calls has begun. */
  readonly entered: (node: Node) => void;
  readonly left: (node: Node, ok: boolean) => void;
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
  /** Runs what is too heavy for one run. Without it everything runs here, whatever it weighs. */
  readonly partRunner?: PartRunner;
  /** Runs work that is not stopped when the run is cancelled. @defaultValue the work as it is */
  shielded?<T>(work: () => Promise<T>): Promise<T>;
  /** The input of a call as its task is given it. @defaultValue `{ args, kwargs }` */
  inputOf?(request: CallRequest): unknown;
  /** Bodies may be made with their headers, where they may follow them. @defaultValue false */
  readonly joinsAhead?: boolean;
  /** Says whether `next` may be made in the same worker right behind a call of `task`. @defaultValue never */
  mayFollow?(call: Pick<CallNode, 'task' | 'options'>, next: Pick<CallNode, 'task' | 'options'>): boolean;
}
