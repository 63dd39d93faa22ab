/** Links, error callbacks and sent canvases. Nobody waits for them, and their failures do not fail the canvas. */
import type { CanvasFailure } from '../model/outcome.ts';
import { fixedId, nameOf, type Node } from '../model/nodes.ts';
import { planCanvas } from '../plan/plan.ts';
import type { CanvasRuntime, ErrbackStyle, FailedCall } from './runtime.ts';
import type { Scope } from '../model/scope.ts';
import { without } from '../signature/options.ts';
import { kindOf, type Signature } from '../signature/signature.ts';
import type { DetachedCanvas } from '../splitting/detached.ts';
import { countsWithCaller } from '../splitting/weight.ts';

/** The work that goes on beside the canvas. */
export interface Background {
  /** Settles when all of it has ended; rejects when some of it was cancelled. */
  readonly rest: () => Promise<void>;
  /** Says whether work that was begun elsewhere, or was cancelled, still goes on: it takes time, unlike to detach something. */
  readonly busy: () => boolean;
  /** Counts work that was begun elsewhere. */
  readonly watch: (work: Promise<unknown>) => void;
}

/** The call that callbacks belong to. */
export interface Caller {
  readonly id: string;
  readonly task: string;
  readonly path: string;
  readonly rootId: string;
}

/** Starts callbacks. None of the functions waits for what it starts. */
export interface Callbacks {
  readonly background: Background;
  follow(links: readonly Signature[], value: unknown, caller: Caller): void;
  fail(errbacks: readonly Signature[], failure: CanvasFailure, caller: Caller): void;
  /** As `fail`, for a node that could not run at all: all its error callbacks but those that `failure` says were told. */
  failNode(node: Node, failure: CanvasFailure, scope: Scope): void;
  spawn(canvases: readonly Signature[], caller: Caller): void;
  /** Lets what was cancelled come to rest before the run ends; its outcome is ignored. */
  leave(work: readonly Promise<unknown>[]): void;
}

/** Path segment of canvases that tasks send, which the weight of the canvas does not count. */
const SENT = 'sent';

/** Starts a canvas that nobody waits for; settles when it can be left to itself, and rejects only on cancellation. */
export type Detach = (canvas: DetachedCanvas) => Promise<unknown>;

/** Binds callbacks to a run. */
export function createCallbacks(runtime: CanvasRuntime, detach: Detach): Callbacks {
  const open = new Set<Promise<unknown>>();
  let busy = 0;
  const linger = (work: Promise<unknown>): void => {
    busy += 1;
    start(work.finally(() => (busy -= 1)));
  };
  const start = (work: Promise<unknown>): void => {
    const tracked: Promise<unknown> = work.then(
      () => open.delete(tracked),
      // Only cancellation rejects; it stays in the set until somebody waits for it.
      (error: unknown) => Promise.reject(error as Error),
    );
    tracked.catch(() => undefined);
    open.add(tracked);
  };
  const send = (signature: Signature, args: readonly unknown[], caller: Caller, place: string): Promise<unknown> => {
    const node = planCanvas(signature, {}, `${caller.path}/${place}`);
    if (node === undefined) return Promise.resolve();
    runtime.planned?.(node, caller.path);
    const { id: parentId, rootId } = caller;
    const inside = !place.startsWith(SENT) && countsWithCaller(signature);
    return detach({ node, given: { args, kwargs: {} }, scope: { rootId, parentId, inside, sentAt: runtime.now() } });
  };
  const callbacks: Callbacks = {
    background: { rest: () => restOf(open), busy: () => busy > 0, watch: linger },
    follow: (links, value, caller) => {
      for (const [index, link] of links.entries()) start(send(link, [value], caller, `link/${index}`));
    },
    fail: (errbacks, failure, caller) => {
      if (errbacks.length > 0) start(failAll(runtime, send, errbacks, failure, caller));
    },
    failNode: (node, failure, scope) => failNode(callbacks, runtime, node, failure, scope),
    spawn: (canvases, caller) => {
      for (const [index, canvas] of canvases.entries()) start(send(canvas, [], caller, `${SENT}/${index}`));
    },
    leave: (work) => {
      for (const one of work) linger(one.catch(() => undefined));
    },
  };
  return callbacks;
}

async function restOf(open: ReadonlySet<Promise<unknown>>): Promise<void> {
  let rejection: { readonly error: unknown } | undefined;
  const waited = new Set<Promise<unknown>>();
  // What ends may have started more.
  for (;;) {
    const next = [...open].filter((work) => !waited.has(work));
    if (next.length === 0) break;
    for (const work of next) {
      waited.add(work);
      await work.catch((error: unknown) => {
        rejection ??= { error };
      });
    }
  }
  if (rejection !== undefined) throw rejection.error;
}

type Send = (signature: Signature, args: readonly unknown[], caller: Caller, place: string) => Promise<unknown>;

/** Inline ones first and one after the other, as they run where the failed task ran; then the others side by side. */
async function failAll(
  runtime: CanvasRuntime,
  send: Send,
  errbacks: readonly Signature[],
  failure: CanvasFailure,
  caller: Caller,
): Promise<void> {
  const told = errbacks.map((signature, index) => ({ signature, index, style: styleOf(runtime, signature) }));
  for (const { signature, index, style } of told)
    if (style === 'inline') await callInline(runtime, signature, failure, caller, index);
  const sent = told
    .filter(({ style }) => style !== 'inline')
    .map(({ signature, index, style }) => {
      const failed: FailedCall = {
        id: caller.id,
        task: caller.task,
        path: caller.path,
        type: failure.type,
        message: failure.message,
      };
      return send(signature, [style === 'payload' ? { failed } : caller.id], caller, `errback/${index}`);
    });
  await Promise.all(sent);
}

function styleOf(runtime: CanvasRuntime, signature: Signature): ErrbackStyle {
  return kindOf(signature) === 'task' ? runtime.errbackStyle(signature.task) : 'task';
}

/** Its own failure is ignored: Celery logs it and goes on. */
async function callInline(
  runtime: CanvasRuntime,
  { task, args = [], kwargs = {}, options = {}, immutable = false }: Signature,
  { type, message }: CanvasFailure,
  caller: Caller,
  index: number,
): Promise<void> {
  const request = { id: caller.id, task: caller.task, root_id: caller.rootId };
  await runtime.call({
    id: runtime.newId(),
    task,
    args: immutable ? args : [request, { exc_type: type, message }, null, ...args],
    kwargs,
    options,
    retries: 0,
    path: `${caller.path}/errback/${index}`,
    rootId: caller.rootId,
    parentId: caller.id,
    group: null,
    inChord: false,
    inline: 'errback',
    expiresAt: null,
  });
}

/** Calls the error callbacks of a body that cannot run: those of a chain as a whole, of a group each member's. */
function failNode(
  callbacks: Callbacks,
  runtime: CanvasRuntime,
  node: Node,
  failure: CanvasFailure,
  scope: Scope,
): void {
  if (node.kind === 'group') {
    for (const member of node.members) failNode(callbacks, runtime, member, failure, scope);
    return;
  }
  if (node.kind === 'chord') {
    failNode(callbacks, runtime, node.body, failure, scope);
    return;
  }
  const id = fixedId(node) ?? runtime.newId();
  const untold = without(node.errbacks, failure.told ?? []);
  callbacks.fail(untold, failure, { id, task: nameOf(node), path: node.path, rootId: scope.rootId ?? id });
}
