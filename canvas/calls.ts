/** Runs single calls: delays, expiry, attempts, replacement; and maps, which are calls one after the other. */
import type { Caller, Callbacks } from './callbacks.ts';
import { ACCUMULATE, resolveJoins } from './joined-groups.ts';
import { type CanvasFailure, retriesExhausted } from './outcome.ts';
import type { CallNode, MapNode, Node } from './nodes.ts';
import { planCanvas } from './plan.ts';
import type { CallEvent, CallReply, CallRequest, CanvasRuntime } from './runtime.ts';
import type { Ended, Given, RunNode, Scope } from './scope.ts';
import { kindOf, type Signature, type SignatureOptions } from './signature.ts';

const SECOND = 1000;

/** Runs the nodes that call tasks. */
export interface CallRunner {
  readonly call: (node: CallNode, given: Given, scope: Scope) => Promise<Ended>;
  readonly map: (node: MapNode, given: Given, scope: Scope) => Promise<Ended>;
}

interface Parts {
  readonly runtime: CanvasRuntime;
  readonly run: RunNode;
  readonly callbacks: Callbacks;
}

/** Binds calls to a run. */
export function createCaller(runtime: CanvasRuntime, run: RunNode, callbacks: Callbacks): CallRunner {
  const parts = { runtime, run, callbacks };
  return {
    call: (node, given, scope) => callTask(parts, node, given, scope),
    map: (node, _given, scope) => callItems(parts, node, scope),
  };
}

async function callTask(parts: Parts, node: CallNode, given: Given, scope: Scope): Promise<Ended> {
  const { runtime } = parts;
  const id = node.id ?? runtime.newId();
  const { options } = node;
  let request: CallRequest = {
    id,
    task: node.task,
    args: node.immutable ? node.args : [...given.args, ...node.args],
    kwargs: node.immutable ? node.kwargs : { ...node.kwargs, ...given.kwargs },
    options,
    retries: 0,
    path: node.path,
    rootId: scope.rootId ?? id,
    parentId: scope.parentId,
    group: scope.group,
    inChord: scope.chord !== null,
    inline: null,
    expiresAt: expiryOf(options, runtime.now()),
  };
  let delayMs = delayOf(options, runtime.now());
  for (;;) {
    const reply = await attempt(parts, request, delayMs);
    const caller = { id, task: node.task, path: node.path, rootId: request.rootId };
    effectsOf(parts, reply, caller, scope);
    if (reply.kind !== 'retry') return end(parts, node, reply, request, scope);
    const refused = exhausted(request, reply);
    if (refused !== undefined) return end(parts, node, { kind: 'failed', failure: refused }, request, scope);
    tell(runtime, request, 'retrying', { failure: reply.failure });
    delayMs = Math.max(0, reply.countdown * SECOND);
    const { args = request.args, kwargs = request.kwargs } = reply;
    request = { ...request, args, kwargs, retries: request.retries + 1 };
  }
}

/** Celery's own words for a call that came too late. */
const EXPIRED: CanvasFailure = { type: 'TaskRevokedError', message: 'expired' };

async function attempt({ runtime }: Parts, request: CallRequest, delayMs: number): Promise<CallReply> {
  const known = runtime.known?.(request.path);
  if (known !== undefined) return { kind: 'done', value: known.value };
  if (delayMs > 0) {
    tell(runtime, request, 'waiting');
    await runtime.sleep(delayMs);
  }
  if (request.task === ACCUMULATE) return { kind: 'done', value: request.args[0] ?? null };
  if (request.expiresAt !== null && runtime.now() >= request.expiresAt) return { kind: 'failed', failure: EXPIRED };
  tell(runtime, request, 'running');
  return runtime.call(request);
}

function effectsOf({ callbacks }: Parts, reply: CallReply, caller: Caller, scope: Scope): void {
  if (reply.spawn !== undefined) callbacks.spawn(reply.spawn, caller);
  const parent = { rootId: caller.rootId, parentId: caller.id, path: caller.path };
  for (const signature of reply.addToChord ?? []) scope.chord?.add(signature, parent);
}

function exhausted(
  { task, id, retries, args, kwargs }: CallRequest,
  { maxRetries, failure }: CallReply & { readonly kind: 'retry' },
): CanvasFailure | undefined {
  if (maxRetries === null || retries < maxRetries) return undefined;
  return failure ?? retriesExhausted(task, id, args, kwargs);
}

type Final = Exclude<CallReply, { readonly kind: 'retry' }>;

async function end(parts: Parts, node: CallNode, reply: Final, request: CallRequest, scope: Scope): Promise<Ended> {
  const { runtime, callbacks } = parts;
  const { id, rootId } = request;
  const caller = { id, task: node.task, path: node.path, rootId };
  if (reply.kind === 'replace') {
    tell(runtime, request, 'replaced');
    return replace(parts, node, reply.canvas, caller, scope);
  }
  if (reply.kind === 'failed') {
    const failure = { ...reply.failure, taskId: id, task: node.task, path: node.path };
    // Nobody is told of a call that expired: it is revoked, not failed.
    const revoked = failure.type === EXPIRED.type;
    tell(runtime, request, revoked ? 'revoked' : 'failed', { failure });
    if (!revoked) callbacks.fail(node.errbacks, failure, caller);
    return { outcome: { ok: false, failure }, taskId: id, rootId };
  }
  tell(runtime, request, 'succeeded', { value: reply.value });
  callbacks.follow(node.links, reply.value, caller);
  const ignored = node.options.ignore_result === true ? { shown: { value: null } } : {};
  return { outcome: { ok: true, value: reply.value, ...ignored }, taskId: id, rootId };
}

/** The canvas takes the place of the call: its id, its callbacks, its group and what follows. */
async function replace(parts: Parts, node: CallNode, by: Signature, caller: Caller, scope: Scope): Promise<Ended> {
  const canvas = resolveJoins(by);
  const { id } = caller;
  const inner: Scope = { ...scope, rootId: caller.rootId, parentId: id, onPath: false };
  const nothing: Given = { args: [], kwargs: {} };
  const { links, errbacks } = node;
  if (kindOf(canvas) === 'group') {
    const group = planCanvas(canvas, {}, `${node.path}/replaced`);
    return replaceByGroup(parts, node, group, caller, inner);
  }
  const planned = planCanvas(canvas, { links, errbacks, id }, `${node.path}/replaced`);
  if (planned !== undefined) {
    parts.runtime.planned?.(planned, node.path);
    return parts.run(planned, nothing, inner);
  }
  const failure = { type: 'ImproperlyConfigured', message: 'Cannot replace with an empty chain', taskId: id };
  parts.callbacks.fail(errbacks, failure, caller);
  return { outcome: { ok: false, failure }, taskId: id, rootId: caller.rootId };
}

/** The list of a group is one result, so callbacks wait for all of it. */
async function replaceByGroup(
  parts: Parts,
  node: CallNode,
  group: Node | undefined,
  caller: Caller,
  scope: Scope,
): Promise<Ended> {
  const path = `${node.path}/replaced/body`;
  const accumulate: CallNode = {
    ...node,
    path,
    id: caller.id,
    task: ACCUMULATE,
    args: [],
    kwargs: {},
    immutable: false,
  };
  const header = group?.kind === 'group' ? group.members : [];
  const body: Node = { ...accumulate, options: {} };
  const place = `${node.path}/replaced`;
  const chord: Node = { kind: 'chord', path: place, header, body, args: [], kwargs: {}, immutable: false };
  parts.runtime.planned?.(chord, node.path);
  return parts.run(chord, { args: [], kwargs: {} }, scope);
}

/** One item after the other, as in Celery; the first failure ends the map. Takes nothing of the caller. */
async function callItems(parts: Parts, node: MapNode, scope: Scope): Promise<Ended> {
  const { runtime, callbacks } = parts;
  const id = node.id ?? runtime.newId();
  const rootId = scope.rootId ?? id;
  const caller = { id, task: node.spread ? 'celery.starmap' : 'celery.map', path: node.path, rootId };
  const expiresAt = expiryOf(node.options, runtime.now());
  const delayMs = delayOf(node.options, runtime.now());
  if (delayMs > 0 && runtime.known?.(`${node.path}/item/0`) === undefined) await runtime.sleep(delayMs);
  const ended = await callAll(parts, node, { id, rootId, scope, expiresAt });
  if ('failure' in ended) {
    const { failure } = ended;
    if (failure.type !== EXPIRED.type) callbacks.fail(node.errbacks, failure, caller);
    return { outcome: { ok: false, failure }, taskId: id, rootId };
  }
  const { values } = ended;
  callbacks.follow(node.links, values, caller);
  const ignored = node.options.ignore_result === true ? { shown: { value: null } } : {};
  return { outcome: { ok: true, value: values, ...ignored }, taskId: id, rootId };
}

/** What the items of a map have in common. */
interface MapFacts {
  readonly id: string;
  readonly rootId: string;
  readonly scope: Scope;
  readonly expiresAt: number | null;
}

async function callAll(
  parts: Parts,
  node: MapNode,
  facts: MapFacts,
): Promise<{ readonly values: readonly unknown[] } | { readonly failure: CanvasFailure }> {
  const values: unknown[] = [];
  for (const [index, item] of node.items.entries()) {
    const request = itemRequest(node, item, index, facts);
    const reply = await attempt(parts, request, 0);
    if (reply.kind !== 'done') {
      const failure = itemFailure(reply, request);
      tell(parts.runtime, request, failure.type === EXPIRED.type ? 'revoked' : 'failed', { failure });
      return { failure };
    }
    values.push(reply.value);
    tell(parts.runtime, request, 'succeeded', { value: reply.value });
  }
  return { values };
}

function itemRequest(
  { task, spread, options, path }: MapNode,
  item: unknown,
  index: number,
  { id, rootId, scope, expiresAt }: MapFacts,
): CallRequest {
  const own = task.args ?? [];
  const args: readonly unknown[] = spread && Array.isArray(item) ? item : [item];
  return {
    id,
    task: task.task,
    args: [...args, ...own],
    kwargs: task.kwargs ?? {},
    options: { ...task.options, ...options },
    retries: 0,
    path: `${path}/item/${index}`,
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

/** Milliseconds before the call, from now. */
function delayOf({ countdown, eta }: SignatureOptions, nowMs: number): number {
  if (typeof countdown === 'number') return Math.max(0, countdown * SECOND);
  return typeof eta === 'string' ? Math.max(0, Date.parse(eta) - nowMs) : 0;
}

function expiryOf({ expires }: SignatureOptions, nowMs: number): number | null {
  if (typeof expires === 'number') return nowMs + expires * SECOND;
  return typeof expires === 'string' ? Date.parse(expires) : null;
}

function tell(
  runtime: CanvasRuntime,
  { id, path, task, retries }: CallRequest,
  state: CallEvent['state'],
  more: { readonly failure?: CanvasFailure | undefined; readonly value?: unknown } = {},
): void {
  const { failure, ...value } = more;
  runtime.notify?.({ id, path, task, state, retries, ...(failure === undefined ? {} : { failure }), ...value });
}
