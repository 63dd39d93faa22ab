/**
 * Runs a planned canvas over a runtime. Plain promises without clocks or
 * randomness of its own, so it is deterministic inside a workflow.
 */
import { createCallbacks, type Background } from './callbacks.ts';
import { createCaller } from './calls.ts';
import { chordFailure, type CanvasFailure, type CanvasOutcome, listOutcome, shownValue } from './outcome.ts';
import { type ChainNode, type ChordNode, endsInGroup, fixedId, type GroupNode, identify, type Node } from './nodes.ts';
import { planCanvas } from './plan.ts';
import type { CanvasRuntime } from './runtime.ts';
import { type Signature, signatureList, kindOf } from './signature.ts';
import { allSettledOrThrow, type Ended, type Given, type RunNode, type Scope } from './scope.ts';

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
}

/**
 * Runs a canvas, with all that it starts: links, error callbacks and canvases
 * that tasks send. Never throws for a failed task; rejects when the runtime
 * says that the run is cancelled, once everything has come to rest.
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
  const main = engine.run(ids.node, { args: call.args ?? [], kwargs: call.kwargs ?? {} }, TOP);
  const rest = main.then(engine.background.rest, engine.background.rest);
  await allSettledOrThrow<unknown>([main, rest]);
  const result = await main;
  return { outcome: surface(node, result.outcome), id: ids.id };
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
  readonly background: Background;
}

function createEngine(runtime: CanvasRuntime): Engine {
  let failures = 0;
  const run: RunNode = async (node, given, scope) => {
    const ended = await runners[node.kind](node, given, scope);
    // Numbered in the order in which they happen: a group fails with the first.
    return ended.outcome.ok || ended.failedAs !== undefined ? ended : { ...ended, failedAs: (failures += 1) };
  };
  const callbacks = createCallbacks(runtime, run);
  const caller = createCaller(runtime, run, callbacks);
  const groups = { runtime, run, callbacks };
  const runners = {
    call: caller.call,
    map: caller.map,
    chain: (node: ChainNode, given: Given, scope: Scope) => runChain(run, node, given, scope),
    group: (node: GroupNode, given: Given, scope: Scope) => runGroup(groups, node, given, scope),
    chord: (node: ChordNode, given: Given, scope: Scope) => runChord(groups, node, given, scope),
  } as { readonly [K in Node['kind']]: RunNode }; // each runner is only called with a node of its own kind
  return { run, background: callbacks.background };
}

async function runChain(run: RunNode, node: ChainNode, given: Given, scope: Scope): Promise<Ended> {
  let ended: Ended = { outcome: { ok: true, value: null }, taskId: scope.parentId, rootId: scope.rootId };
  for (const [index, step] of node.steps.entries()) {
    const last = index === node.steps.length - 1;
    ended = await run(step, index === 0 ? given : resultOf(ended), {
      rootId: ended.rootId,
      parentId: index === 0 ? scope.parentId : ended.taskId,
      group: last ? scope.group : null,
      chord: last ? scope.chord : null,
      onPath: scope.onPath,
      inChain: true,
    });
    if (!ended.outcome.ok) break;
  }
  return ended;
}

function resultOf({ outcome }: Ended): Given {
  return { args: outcome.ok ? [outcome.value] : [], kwargs: {} };
}

interface Groups {
  readonly runtime: CanvasRuntime;
  readonly run: RunNode;
  readonly callbacks: ReturnType<typeof createCallbacks>;
}

/** Members of one group or header, in order; members that tasks add on the way stand at the end. */
interface Members {
  readonly ended: readonly Ended[];
  /** The one that came to its end last. */
  readonly last: Ended | undefined;
}

/** The one place where members are started, for windows, shards and packs to come. */
async function runMembers(
  { run }: Groups,
  members: readonly Node[],
  given: Given,
  scope: Scope,
  open: { readonly id: string; readonly chord: boolean },
): Promise<Members> {
  let last: Ended | undefined;
  const running: Promise<Ended>[] = [];
  const start = (member: Node, input: Given, parent: Pick<Scope, 'rootId' | 'parentId'>): void => {
    const { rootId, parentId } = parent;
    const group = { id: open.id, index: running.length };
    const ended = run(member, input, { rootId, parentId, group, chord, onPath: false });
    running.push(ended.then((result) => (last = result)));
  };
  const chord: Scope['chord'] = open.chord
    ? {
        add: (signature, parent) => {
          const member = planCanvas(signature, {}, `${parent.path}/added`);
          if (member !== undefined) start(member, { args: [], kwargs: {} }, parent);
        },
      }
    : null;
  for (const member of members) start(member, given, scope);
  // `running` grows while members add to the header they belong to.
  for (let seen = -1; seen !== running.length;) {
    seen = running.length;
    await allSettledOrThrow(running);
  }
  return { ended: await Promise.all(running), last };
}

async function runGroup(groups: Groups, node: GroupNode, given: Given, scope: Scope): Promise<Ended> {
  const id = node.id ?? groups.runtime.newId();
  const { ended, last } = await runMembers(groups, node.members, given, scope, { id, chord: false });
  const { rootId, parentId: taskId } = trailOf(last, scope);
  const trail = { taskId, rootId };
  const failed = ended.filter(({ outcome }) => !outcome.ok).sort((a, b) => (a.failedAs ?? 0) - (b.failedAs ?? 0));
  if (failed[0] !== undefined) return { ...failed[0], ...trail };
  return { outcome: listOutcome(ended.flatMap(({ outcome }) => (outcome.ok ? [outcome] : []))), ...trail };
}

async function runChord(groups: Groups, node: ChordNode, given: Given, scope: Scope): Promise<Ended> {
  const id = groups.runtime.newId();
  const { ended, last } = await runMembers(groups, node.header, headerGiven(node, given), scope, { id, chord: true });
  const after: Scope = { ...scope, ...trailOf(last, scope) };
  // In the order of the header, not of time: the same canvas names the same culprit.
  const at = ended.findIndex(({ outcome }) => !outcome.ok);
  const failed = ended[at];
  if (failed?.outcome.ok === false) {
    const memberId = idOfMember(node.header[at]) ?? failed.taskId ?? id;
    return failBody(groups, node, chordFailure(memberId, failed.outcome.failure), after);
  }
  const results = ended.flatMap(({ outcome }) => (outcome.ok ? [outcome.value] : []));
  const group = scope.group ?? { id, index: null };
  return groups.run(node.body, { args: [results], kwargs: {} }, { ...after, group, onPath: bodyOnPath(scope) });
}

function idOfMember(member: Node | undefined): string | undefined {
  return member === undefined ? undefined : fixedId(member);
}

/** The root and parent of what comes after a group: the member that ended last. */
function trailOf(last: Ended | undefined, scope: Scope): Pick<Scope, 'rootId' | 'parentId'> {
  return { rootId: last?.rootId ?? scope.rootId, parentId: last?.taskId ?? scope.parentId };
}

/** Celery finds the errors before a result through its parents, which a chord that stands alone does not have. */
function bodyOnPath({ onPath, inChain }: Scope): boolean {
  return onPath && inChain === true;
}

function headerGiven(node: ChordNode, given: Given): Given {
  const kwargs = { ...node.kwargs, ...given.kwargs };
  if (node.immutable) return { args: node.args, kwargs: node.kwargs };
  return { args: [...given.args, ...node.args], kwargs };
}

/**
 * The body does not run, and its error callbacks are told why. What the canvas
 * fails with is the error of the header member where the chord is on the way to
 * the result, and where the body is a group; elsewhere it is the body's own.
 */
function failBody({ callbacks }: Groups, node: ChordNode, failure: CanvasFailure, scope: Scope): Ended {
  const trail = { taskId: fixedId(node.body) ?? scope.parentId, rootId: scope.rootId };
  callbacks.failNode(node.body, failure, scope);
  const direct = scope.onPath || node.body.kind === 'group';
  return { outcome: { ok: false, failure: direct ? (failure.cause ?? failure) : failure }, ...trail };
}
