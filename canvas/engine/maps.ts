/** Runs maps: calls of one task, one after the other. */
import { itemLookahead } from './lookahead.ts';
import type { Callbacks } from './callbacks.ts';
import { attempt, delayOf, expiryOf, type EngineContext, tell } from './calls.ts';
import type { MapNode } from '../model/nodes.ts';
import { type CanvasFailure, type CanvasOutcome, EXPIRED } from '../model/outcome.ts';
import type { NodeEnd, Scope } from '../model/scope.ts';
import type { CallReply, CallRequest } from '../model/request.ts';

/** One item after the other, as in Celery; the first failure ends the map. Takes nothing of the caller. */
export async function callItems(context: EngineContext, node: MapNode, scope: Scope): Promise<NodeEnd> {
  const { runtime } = context;
  const id = node.id ?? runtime.newId();
  const rootId = scope.rootId ?? id;
  const sentAt = scope.sentAt ?? runtime.now();
  const expiresAt = expiryOf(node.options, sentAt);
  const delayMs = delayOf(node.options, sentAt, runtime.now());
  if (delayMs > 0 && runtime.known?.(`${node.path}/item/${node.first ?? 0}`) === undefined)
    await runtime.sleep(delayMs, node.path);
  const outcome = await callAll(context, node, { id, rootId, scope, expiresAt });
  return endMap(context.callbacks, node, outcome, { id, rootId });
}

/** Ends a map with what came of it, and calls its callbacks. */
function endMap(
  callbacks: Callbacks,
  node: MapNode,
  outcome: CanvasOutcome,
  { id, rootId }: { readonly id: string; readonly rootId: string },
): NodeEnd {
  const caller = { id, task: node.spread ? 'celery.starmap' : 'celery.map', path: node.path, rootId };
  if (!outcome.ok) {
    const revoked = outcome.failure.type === EXPIRED.type;
    if (!revoked) callbacks.fail(node.errbacks, outcome.failure, caller);
    return { outcome, taskId: id, rootId };
  }
  callbacks.follow(node.links, outcome.value, caller);
  const ignored = node.options.ignore_result === true ? { shown: { value: null } } : {};
  return { outcome: { ok: true, value: outcome.value, ...ignored }, taskId: id, rootId };
}

/**
 * An oversized map: its segments one after the other. Delay and
 * expiry are those of the whole.
 */
export async function runLongMap(
  { runtime, run, callbacks }: EngineContext,
  node: MapNode,
  pieces: readonly MapNode[],
  scope: Scope,
): Promise<NodeEnd> {
  const id = node.id ?? runtime.newId();
  const rootId = scope.rootId ?? id;
  const sentAt = scope.sentAt ?? runtime.now();
  const expiresAt = expiryOf(node.options, sentAt);
  const { countdown: _countdown, eta: _eta, ...rest } = node.options;
  const later = { ...rest, ...(expiresAt === null ? {} : { expires: new Date(expiresAt).toISOString() }) };
  const values: unknown[] = [];
  for (const [index, piece] of pieces.entries()) {
    const own = { ...piece, id, ...(index === 0 ? {} : { options: later }) };
    const { outcome } = await run(own, { args: [], kwargs: {} }, { ...scope, rootId, sentAt });
    if (!outcome.ok) return endMap(callbacks, node, outcome, { id, rootId });
    for (const value of outcome.value as readonly unknown[]) values.push(value); // the list that a map gives
  }
  return endMap(callbacks, node, { ok: true, value: values }, { id, rootId });
}

/** What the items of a map have in common. */
interface MapFacts {
  readonly id: string;
  readonly rootId: string;
  readonly scope: Scope;
  readonly expiresAt: number | null;
}

async function callAll(context: EngineContext, node: MapNode, facts: MapFacts): Promise<CanvasOutcome> {
  const values: unknown[] = [];
  const requestOf = (index: number): CallRequest => itemRequest(node, index, facts);
  const lookahead = itemLookahead(context.runtime, node, requestOf);
  for (const index of node.items.keys()) {
    const request = requestOf(index);
    const reply = await attempt(context, index === 0 ? { ...request, lookahead } : request, 0);
    if (reply.kind !== 'done') {
      const failure = itemFailure(reply, request);
      tell(context.runtime, request, failure.type === EXPIRED.type ? 'revoked' : 'failed', { failure });
      return { ok: false, failure };
    }
    if (reply.spawn !== undefined) context.callbacks.spawn(reply.spawn, { ...request, rootId: facts.rootId });
    values.push(reply.value);
    tell(context.runtime, request, 'succeeded', { value: reply.value });
  }
  return { ok: true, value: values };
}

function itemRequest(
  { task, items, spread, options, path, first = 0 }: MapNode,
  index: number,
  { id, rootId, scope, expiresAt }: MapFacts,
): CallRequest {
  const own = task.args ?? [];
  const item = items[index];
  const args: readonly unknown[] = spread && Array.isArray(item) ? item : [item];
  return {
    id,
    task: task.task,
    args: [...args, ...own],
    kwargs: task.kwargs ?? {},
    options: { ...task.options, ...options },
    retries: 0,
    path: `${path}/item/${first + index}`,
    rootId,
    parentId: scope.parentId,
    group: scope.group,
    inChord: false,
    inline: 'map',
    expiresAt,
  };
}

/** An item is not a call of its own, so it can neither be tried again nor replaced. */
function itemFailure(reply: Exclude<CallReply, { readonly kind: 'done' }>, request: CallRequest): CanvasFailure {
  const at = { taskId: request.id, task: request.task, path: request.path };
  if (reply.kind === 'failed') return { ...reply.failure, ...at };
  if (reply.kind === 'retry' && reply.failure !== undefined) return { ...reply.failure, ...at };
  const what = reply.kind === 'retry' ? 'be tried again' : 'be replaced';
  return { type: 'ImproperlyConfigured', message: `An item of a map cannot ${what}`, ...at };
}
