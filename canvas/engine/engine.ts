/**
 * Runs a planned canvas over a runtime. Plain promises without clocks or
 * randomness of its own, so it is deterministic inside a workflow.
 */
import { runChain } from './chains.ts';
import { type Callbacks, createCallbacks } from './callbacks.ts';
import { callTask } from './calls.ts';
import { type Compensated, createSaga, type Saga } from './compensation.ts';
import { createEarlyEnd, type MemberEnds } from './early-end.ts';
import { runChord, runGroup } from './groups.ts';
import { createOversizedRunner } from './oversized.ts';
import type { Tally } from '../model/join.ts';
import { callItems } from './maps.ts';
import { type CanvasFailure, type CanvasOutcome, shownValue } from '../model/outcome.ts';
import {
  type CallNode,
  type ChainNode,
  type ChordNode,
  endsInGroup,
  fixedId,
  type GroupNode,
  identify,
  type MapNode,
  type Node,
} from '../model/nodes.ts';
import { type DetachedCanvas, scopeOfDetached } from '../splitting/detached.ts';
import { type CanvasPart, type PartReply, type PartRunner, replyOf } from '../splitting/parts.ts';
import { planCanvas } from '../plan/plan.ts';
import type { CanvasRuntime } from './runtime.ts';
import { type Signature, signatureList, kindOf } from '../signature/signature.ts';
import {
  type AddedMember,
  allSettledOrThrow,
  type NodeEnd,
  type Given,
  type RunNode,
  type Scope,
} from '../model/scope.ts';
import { isLight, weightOf } from '../splitting/weight.ts';

/** What a canvas is called with. */
export interface CanvasCall {
  /** Put before the arguments of the first call. */
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** Override those of the canvas. */
  readonly options?: Signature['options'];
}

/** What came of a canvas. */
export interface CanvasResult {
  readonly outcome: CanvasOutcome;
  /** Id of the call whose result it is; of the group where it is a list; `null` where nothing was called. */
  readonly id: string | null;
  /** What was undone because the canvas failed, in that order. */
  readonly compensated?: readonly Compensated[];
}

/**
 * Runs a canvas. Links, error callbacks and canvases that tasks send are handed to
 * the runtime, which lets them go on by themselves; where it cannot, they come to
 * their end first. Never throws for a failed task; rejects when the runtime says
 * that the run is cancelled, once everything here has come to rest.
 */
export async function runCanvas(
  runtime: CanvasRuntime,
  signature: Signature,
  call: CanvasCall = {},
): Promise<CanvasResult> {
  const refusal = refuse(signature, call);
  if (refusal !== undefined) return { outcome: { ok: false, failure: refusal }, id: null };
  const canvas = { ...signature, options: { ...signature.options, ...call.options } };
  const node = planCanvas(canvas);
  if (node === undefined) return { outcome: { ok: true, value: null }, id: null };
  const engine = createEngine(runtime);
  const ids = withIds(node, runtime);
  runtime.planned?.(ids.node, null);
  const given: Given = { args: call.args ?? [], kwargs: call.kwargs ?? {} };
  const { outcome, compensated } = await runWhole(engine, ids.node, given, TOP);
  return { outcome: surface(node, outcome), id: ids.id, ...(compensated === undefined ? {} : { compensated }) };
}

/**
 * Runs canvases that another run has detached, side by side. Each is a canvas of its own: when it fails, its
 * calls are undone, and nothing else. Rejects only on cancellation, once everything has come to rest.
 */
export async function runDetached(runtime: CanvasRuntime, canvases: readonly DetachedCanvas[]): Promise<void> {
  runtime.planned?.(
    { kind: 'group', path: 'detached', id: undefined, members: canvases.map(({ node }) => node) },
    null,
  );
  const carries = createAllowance(runtime.partRunner);
  await allSettledOrThrow(canvases.map((canvas) => runOneDetached(runtime, carries, canvas)));
}

function runOneDetached(
  runtime: CanvasRuntime,
  carries: Allowance,
  { node, given, scope }: DetachedCanvas,
): Promise<unknown> {
  return runWhole(createEngine(runtime, carries), node, given, scopeOfDetached(scope));
}

/** Runs a canvas with all that goes on beside it; undoes it where it fails or is cancelled. */
async function runWhole(
  engine: Engine,
  node: Node,
  given: Given,
  scope: Scope,
): Promise<Pick<CanvasResult, 'outcome' | 'compensated'>> {
  const { rest } = engine.callbacks.background;
  const main = engine.run(node, given, scope);
  const beside = main.then(rest, rest);
  try {
    await allSettledOrThrow<unknown>([main, beside]);
  } catch (error) {
    await undoCancelled(engine);
    throw error;
  }
  const { outcome } = await main;
  return { outcome, ...(outcome.ok ? {} : await undoAll(engine)) };
}

/** Callbacks of compensations begin although the run is cancelled. */
async function undoCancelled({ saga, callbacks }: Pick<Engine, 'saga' | 'callbacks'>): Promise<void> {
  await saga.undo();
  await callbacks.background.rest().catch(() => undefined);
}

async function undoAll({ saga, callbacks }: Engine): Promise<Pick<CanvasResult, 'compensated'>> {
  const compensated = await saga.undo();
  if (compensated.length === 0) return {};
  // Links and error callbacks of compensations.
  await callbacks.background.rest();
  return { compensated };
}

/** A part that runs. */
export interface RunningPart {
  readonly reply: Promise<PartReply>;
  /** Says, once there is a reply, whether some of what the part has started still goes on. */
  readonly busy: () => boolean;
  /** Settles when all of it has come to rest; rejects when it was cancelled. */
  readonly rest: Promise<unknown>;
}

/** Runs a part of a canvas that another run has cut off. */
export function runPart(runtime: CanvasRuntime, part: CanvasPart): RunningPart {
  const { nodes, given, scope } = part;
  const { run, callbacks, saga } = createEngine(runtime);
  const { rest, busy } = callbacks.background;
  const added: AddedMember[] = [];
  const { inHeader, group, ...own } = scope;
  const chord: Scope['chord'] = inHeader ? { add: (member) => added.push(member) } : null;
  const early = createEarlyEnd(endOfPart(part), runtime);
  let last: NodeEnd | undefined;
  runtime.planned?.({ kind: 'group', path: 'part', id: undefined, members: nodes }, null);
  const running = nodes.flatMap((node, at) => {
    const index = group?.index ?? null;
    const place = group === null || index === null ? group : { id: group.id, index: index + at };
    const begin = (): Promise<NodeEnd> =>
      run(node, given, { ...own, group: place, chord }).then((ended) => (last = ended));
    return (early === undefined ? begin() : early.start(begin, 1)) ?? [];
  });
  const whole = allSettledOrThrow<MemberEnds>(running);
  const stopped = early?.decided.then(() => callbacks.leave([...early.stop(), whole]));
  const ended = stopped === undefined ? whole : Promise.race([whole, stopped]);
  const reply = ended.then((all) => ({
    ...replyOf(early?.ended() ?? (all ?? []).flat(), last, added),
    undo: saga.handOver(),
  }));
  const background = reply.then(rest, rest);
  // Cancelled before it could hand over what has to be undone: then that is done here.
  const undone = async (error: unknown): Promise<never> => {
    await undoCancelled({ saga, callbacks });
    throw error;
  };
  return { reply, busy, rest: allSettledOrThrow<unknown>([reply, background]).catch(undone) };
}

/** Failures in a part never decide a quorum: others may succeed. */
function endOfPart({ failFast, enough }: CanvasPart): ((tally: Tally) => boolean) | undefined {
  if (enough !== undefined) return ({ succeeded }) => succeeded >= enough;
  return failFast ? ({ failed }) => failed > 0 : undefined;
}

const TOP: Scope = { rootId: undefined, parentId: null, group: null, chord: null, onPath: true };

/** Celery refuses this at the caller. */
function refuse(signature: Signature, { options = {} }: CanvasCall): CanvasFailure | undefined {
  const linked = signatureList(options.link).length > 0 || signatureList(options.link_error).length > 0;
  if (!linked || kindOf(signature) !== 'group') return undefined;
  return { type: 'TypeError', message: 'Cannot add link to group: use a chord' };
}

/** Fixes the id of the result before anything runs, so that it can be told at once. */
function withIds(node: Node, runtime: CanvasRuntime): { node: Node; id: string } {
  const fixed = fixedId(node);
  if (fixed !== undefined) return { node, id: fixed };
  const id = runtime.newId();
  return { node: identify(node, id), id };
}

/** What callers are given: results that are not ignored, and the list of a group that stands alone in a group. */
function surface(node: Node, outcome: CanvasOutcome): CanvasOutcome {
  if (!outcome.ok) return outcome;
  const value = shownValue(outcome);
  const [only] = node.kind === 'group' && node.members.length === 1 ? node.members : [];
  const lone = only !== undefined && endsInGroup(only) && Array.isArray(value);
  return { ok: true, value: lone ? (value[0] as unknown) : value };
}

interface Engine {
  readonly run: RunNode;
  readonly callbacks: Callbacks;
  readonly saga: Saga;
}

function createEngine(runtime: CanvasRuntime, carries = createAllowance(runtime.partRunner)): Engine {
  let failures = 0;
  const run: RunNode = async (node, given, scope) => {
    const inside = scope.inside === true || carries(node);
    const watched = node.kind !== 'call';
    if (watched) runtime.entered?.(node);
    const ended = await (inside ? runHere(node, given, { ...scope, inside }) : oversized.run(node, given, scope));
    if (watched) runtime.left?.(node, ended.outcome);
    // Numbered in the order in which they happen: a group fails with the first.
    return ended.outcome.ok || ended.failedAs !== undefined
      ? ended
      : { ...ended, failedAs: (failures += 1), failedAt: runtime.now() };
  };
  const detachHere = (canvas: DetachedCanvas): Promise<unknown> => runOneDetached(runtime, carries, canvas);
  const callbacks = createCallbacks(runtime, runtime.detach ?? detachHere);
  const saga = createSaga(runtime, run);
  const context = { runtime, run, callbacks, saga };
  const runHere: RunNode = (node, given, scope) => runners[node.kind](node, given, scope);
  const oversized = createOversizedRunner(context, runHere);
  const groups = { ...context, parts: oversized.members };
  const runners = {
    call: (node: CallNode, given: Given, scope: Scope) => callTask(context, node, given, scope),
    map: (node: MapNode, _given: Given, scope: Scope) => callItems(context, node, scope),
    chain: (node: ChainNode, given: Given, scope: Scope) => runChain(runtime, run, node, { given, scope }),
    group: (node: GroupNode, given: Given, scope: Scope) => runGroup(groups, node, given, scope),
    chord: (node: ChordNode, given: Given, scope: Scope) => runChord(groups, node, given, scope),
  } as { readonly [K in Node['kind']]: RunNode }; // each runner is only called with a node of its own kind
  return { run, callbacks, saga };
}

/** Says whether a run carries a node itself, and counts it then. */
type Allowance = (node: Node) => boolean;

/**
 * What a run carries itself: whole nodes until its weight is used up, and as
 * much again of light ones, such as a body or what a task sends, for which a run
 * of its own would be the greater burden.
 */
function createAllowance(parts: PartRunner | undefined): Allowance {
  if (parts === undefined) return () => true;
  let left = parts.weight;
  return (node) => {
    const weight = weightOf(node);
    if (weight > left + (isLight(weight) ? parts.weight : 0)) return false;
    left -= weight;
    return true;
  };
}
