import type { SignatureOptions, Signature } from '../signature/signature.ts';
import type { CanvasFailure } from './outcome.ts';

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
  readonly lookahead?: readonly CallLookahead[] | undefined;
  /** A call that may be made in the same worker once all calls with the same join are done. */
  readonly joined?: JoinLookahead | undefined;
}

/** A call that is only waiting for the result of the one before it. */
export type CallLookahead = Pick<CallRequest, 'id' | 'task' | 'args' | 'kwargs' | 'options' | 'path'> & {
  /** Takes nothing of the call before. */
  readonly immutable: boolean;
};

/** The body of a chord, for those who make its header. */
export interface JoinLookahead {
  /** The same for each member of the header. */
  readonly id: string;
  /** Members of the header. */
  readonly count: number;
  readonly body: CallLookahead;
}

/** Canvases that a task asked for with its result. */
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
        /** Set for built-in steps: the arguments of the canvas that takes their place. */
        readonly given?: readonly unknown[];
      }
  );

/** A call that has to be undone when the canvas fails. Plain data: parts hand it over. */
export interface UndoNote {
  readonly undo: Signature;
  readonly request: CallRequest;
  readonly result: unknown;
  /** When the call ended, in milliseconds since 1970: parts hand over in the order in which they end, not their calls. */
  readonly endedAt?: number;
}
