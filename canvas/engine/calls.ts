/** Runs single calls: delays, expiry, attempts, replacement. */
import { resultWithEffects, effectsIn } from '../model/task-effects.ts';
import type { Caller, Callbacks } from './callbacks.ts';
import type { Saga } from './compensation.ts';
import { ACCUMULATE, resolveJoins } from '../plan/joined-groups.ts';
import { type CanvasFailure, EXPIRED, retriesExhausted } from '../model/outcome.ts';
import type { CallNode, Node } from '../model/nodes.ts';
import { builtInStep } from './built-in-steps.ts';
import { planCanvas } from '../plan/plan.ts';
import type { CallEvent, CanvasRuntime } from './runtime.ts';
import type { NodeEnd, Given, RunNode, Scope } from '../model/scope.ts';
import { isSignature, kindOf, type SignatureOptions } from '../signature/signature.ts';
import type { CallReply, CallRequest } from '../model/request.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import { instantOf } from '../../contracts/values/instant.ts';

/** What the modules of the engine share. */
export interface EngineContext {
  readonly runtime: CanvasRuntime;
  readonly run: RunNode;
  readonly callbacks: Callbacks;
  readonly saga: Saga;
}

/** Runs one call to its end, with all its attempts. */
export async function callTask(context: EngineContext, node: CallNode, given: Given, scope: Scope): Promise<NodeEnd> {
  const { runtime, saga } = context;
  const sentAt = scope.sentAt ?? runtime.now();
  const request = firstRequest(node, given, scope, node.id ?? runtime.newId(), sentAt);
  const delayMs = delayOf(node.options, sentAt, runtime.now());
  const work = (): Promise<NodeEnd> => makeCall(context, node, request, scope, delayMs);
  return node.compensate === undefined ? work() : saga.watch(node.compensate, request, work);
}

async function makeCall(
  context: EngineContext,
  node: CallNode,
  first: CallRequest,
  scope: Scope,
  firstDelayMs: number,
): Promise<NodeEnd> {
  const { runtime } = context;
  let request = first;
  let delayMs = firstDelayMs;
  for (;;) {
    const reply = await attempt(context, request, delayMs);
    const caller = { id: request.id, task: node.task, path: node.path, rootId: request.rootId };
    applyEffects(context, reply, caller, scope);
    if (reply.kind !== 'retry') return end(context, node, reply, request, scope);
    const refused = exhausted(request, reply);
    if (refused !== undefined) return end(context, node, { kind: 'failed', failure: refused }, request, scope);
    tell(runtime, request, 'retrying', { failure: reply.failure });
    delayMs = Math.max(0, reply.countdown * SECOND_MS);
    const { args = request.args, kwargs = request.kwargs } = reply;
    request = { ...request, args, kwargs, retries: request.retries + 1 };
  }
}

function firstRequest(node: CallNode, given: Given, scope: Scope, id: string, sentAt: number): CallRequest {
  return {
    id,
    task: node.task,
    args: node.immutable ? node.args : [...given.args, ...node.args],
    kwargs: node.immutable ? node.kwargs : { ...node.kwargs, ...given.kwargs },
    options: node.options,
    retries: 0,
    path: node.path,
    rootId: scope.rootId ?? id,
    parentId: scope.parentId,
    group: scope.group,
    inChord: scope.chord !== null,
    inline: null,
    expiresAt: expiryOf(node.options, sentAt),
    lookahead: scope.lookahead,
    joined: scope.joined,
  };
}

/** The reply of a call that an earlier run has made. */
function replyOf(value: unknown): CallReply {
  const canvas = effectsIn(value)?.replacedBy;
  return isSignature(canvas) ? { kind: 'replace', canvas } : { kind: 'done', value };
}

/** Makes one attempt, once the delay is over and unless it comes too late. */
export async function attempt(
  { runtime, saga }: EngineContext,
  request: CallRequest,
  delayMs: number,
): Promise<CallReply> {
  const known = saga.covers(request.id) ? undefined : runtime.known?.(request.path);
  if (known !== undefined) return replyOf(known.value);
  if (delayMs > 0) {
    tell(runtime, request, 'waiting');
    await runtime.sleep(delayMs, request.path);
  }
  const own = builtInStep(request);
  if (own !== undefined) return own;
  if (request.expiresAt !== null && runtime.now() >= request.expiresAt) return { kind: 'failed', failure: EXPIRED };
  tell(runtime, request, 'running');
  saga.began(request.id);
  return runtime.call(request);
}

function applyEffects({ callbacks }: EngineContext, reply: CallReply, caller: Caller, scope: Scope): void {
  if (reply.spawn !== undefined) callbacks.spawn(reply.spawn, caller);
  const parent = { rootId: caller.rootId, parentId: caller.id, path: caller.path };
  for (const signature of reply.addToChord ?? []) scope.chord?.add({ signature, parent });
}

function exhausted(
  { task, id, retries, args, kwargs }: CallRequest,
  { maxRetries, failure }: CallReply & { readonly kind: 'retry' },
): CanvasFailure | undefined {
  if (maxRetries === null || retries < maxRetries) return undefined;
  return failure ?? retriesExhausted(task, id, args, kwargs);
}

type Final = Exclude<CallReply, { readonly kind: 'retry' }>;

async function end(
  context: EngineContext,
  node: CallNode,
  reply: Final,
  request: CallRequest,
  scope: Scope,
): Promise<NodeEnd> {
  const { runtime, callbacks } = context;
  const { id, rootId } = request;
  const caller = { id, task: node.task, path: node.path, rootId };
  if (reply.kind === 'replace') {
    // A repetition of the run takes over what the task has asked for; built-in steps decide again.
    tell(
      runtime,
      request,
      'replaced',
      reply.given === undefined ? { value: resultWithEffects({ replacedBy: reply.canvas, sends: [] }) } : {},
    );
    return replace(context, node, reply, caller, scope);
  }
  if (reply.kind === 'failed') {
    const failure = { ...reply.failure, taskId: id, task: node.task, path: node.path };
    // Error callbacks are not called for an expired call: it is revoked, not failed.
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
async function replace(
  context: EngineContext,
  node: CallNode,
  by: Extract<Final, { kind: 'replace' }>,
  caller: Caller,
  scope: Scope,
): Promise<NodeEnd> {
  const canvas = resolveJoins(by.canvas);
  const { id } = caller;
  const inner: Scope = {
    ...scope,
    rootId: caller.rootId,
    parentId: id,
    onPath: by.given !== undefined && scope.onPath,
    inside: false,
    sentAt: undefined,
    lookahead: undefined,
    joined: undefined,
  };
  const given: Given = { args: by.given ?? [], kwargs: {} };
  const { links, errbacks } = node;
  if (kindOf(canvas) === 'group') {
    const group = planCanvas(canvas, {}, `${node.path}/replaced`);
    return context.run(asOneResult(context, node, group, caller), given, inner);
  }
  const planned = planCanvas(canvas, { links, errbacks, id }, `${node.path}/replaced`);
  if (planned !== undefined) {
    context.runtime.planned?.(planned, node.path);
    return context.run(planned, given, inner);
  }
  const failure = { type: 'ImproperlyConfigured', message: 'Cannot replace with an empty chain', taskId: id };
  context.callbacks.fail(errbacks, failure, caller);
  return { outcome: { ok: false, failure }, taskId: id, rootId: caller.rootId };
}

/** The list of a group is one result, so callbacks wait for all of it. */
function asOneResult({ runtime }: EngineContext, node: CallNode, group: Node | undefined, { id }: Caller): Node {
  const path = `${node.path}/replaced`;
  const plain = { task: ACCUMULATE, args: [], kwargs: {}, options: {}, immutable: false, compensate: undefined };
  const body: CallNode = { ...node, ...plain, path: `${path}/body`, id };
  const header = group?.kind === 'group' ? group.members : [];
  const chord: Node = { kind: 'chord', path, header, body, args: [], kwargs: {}, immutable: false };
  runtime.planned?.(chord, node.path);
  return chord;
}

/** Milliseconds before the call, from now. */
export function delayOf({ countdown, eta }: SignatureOptions, sentAt: number, nowMs: number): number {
  if (typeof countdown === 'number') return Math.max(0, countdown * SECOND_MS - (nowMs - sentAt));
  return typeof eta === 'string' ? Math.max(0, instantOf(eta) - nowMs) : 0;
}

/** The time after which a call may not start any more; `null`: any time. */
export function expiryOf({ expires }: SignatureOptions, sentAt: number): number | null {
  if (typeof expires === 'number') return sentAt + expires * SECOND_MS;
  return typeof expires === 'string' ? instantOf(expires) : null;
}

/** Notifies the watcher of the state of a call. */
export function tell(
  runtime: CanvasRuntime,
  { id, path, task, retries }: CallRequest,
  state: CallEvent['state'],
  more: { readonly failure?: CanvasFailure | undefined; readonly value?: unknown } = {},
): void {
  const { failure, ...value } = more;
  runtime.notify?.({ id, path, task, state, retries, ...(failure === undefined ? {} : { failure }), ...value });
}
