/** Runs groups, and chords: groups that a body follows. */
import type { createCallbacks } from './callbacks.ts';
import { createEarlyEnd } from './early-end.ts';
import { type Join, judge } from './join.ts';
import { chordFailure, type CanvasFailure, type CanvasOutcome, listOutcome } from './outcome.ts';
import { type ChordNode, fixedId, type GroupNode, type Node } from './nodes.ts';
import { planCanvas } from './plan.ts';
import type { CanvasRuntime } from './runtime.ts';
import { allSettledOrThrow, type Ended, type Given, type RunNode, type Scope } from './scope.ts';

/** What groups need of the engine. */
export interface Groups {
  readonly runtime: CanvasRuntime;
  readonly run: RunNode;
  readonly callbacks: ReturnType<typeof createCallbacks>;
}

/** Members of one group or header, in order; members that tasks add on the way stand at the end. */
interface Members {
  /** `undefined` for those that were cancelled because the join policy was decided without them. */
  readonly ended: readonly (Ended | undefined)[];
  /** The one that came to its end last. */
  readonly last: Ended | undefined;
}

/** The one place where members are started, for windows, shards and packs to come. */
async function runMembers(
  { run, runtime, callbacks }: Groups,
  members: readonly Node[],
  given: Given,
  scope: Scope,
  open: { readonly id: string; readonly chord: boolean; readonly join?: Join | undefined },
): Promise<Members> {
  let last: Ended | undefined;
  const running: Promise<Ended>[] = [];
  const early = createEarlyEnd(open.join, runtime);
  const start = (member: Node, input: Given, parent: Pick<Scope, 'rootId' | 'parentId'>): void => {
    const { rootId, parentId } = parent;
    const group = { id: open.id, index: running.length };
    const work = (): Promise<Ended> => run(member, input, { rootId, parentId, group, chord, onPath: false });
    const ended = early === undefined ? work() : early.start(work);
    if (ended !== undefined) running.push(ended.then((result) => (last = result)));
  };
  const chord: Scope['chord'] = open.chord
    ? {
        add: (signature, parent) => {
          const member = planCanvas(signature, {}, `${parent.path}/added`);
          if (member === undefined) return;
          runtime.planned?.(member, parent.path);
          start(member, { args: [], kwargs: {} }, parent);
        },
      }
    : null;
  for (const member of members) start(member, given, scope);
  const whole = settled(running);
  if (early === undefined) return { ended: await whole, last };
  await Promise.race([early.decided, whole]);
  callbacks.leave([...early.stop(), whole]);
  return { ended: early.ended(), last };
}

/** The list grows while members add to the header they belong to. */
async function settled(running: readonly Promise<Ended>[]): Promise<readonly Ended[]> {
  for (let seen = -1; seen !== running.length;) {
    seen = running.length;
    await allSettledOrThrow(running);
  }
  return Promise.all(running);
}

/** Members side by side; fails with the one that failed first, once all have ended. */
export async function runGroup(groups: Groups, node: GroupNode, given: Given, scope: Scope): Promise<Ended> {
  const id = node.id ?? groups.runtime.newId();
  const { ended, last } = await runMembers(groups, node.members, given, scope, { id, chord: false });
  const { rootId, parentId: taskId } = trailOf(last, scope);
  const trail = { taskId, rootId };
  const failed = firstInTime(ended);
  if (failed !== undefined) return { ...failed, ...trail };
  return { outcome: listOutcome(ended.flatMap((one) => (one?.outcome.ok === true ? [one.outcome] : []))), ...trail };
}

function firstInTime(ended: Members['ended']): Ended | undefined {
  const failed = ended.flatMap((one) => (one?.outcome.ok === false ? [one] : []));
  return failed.sort((a, b) => (a.failedAs ?? 0) - (b.failedAs ?? 0))[0];
}

/** Header members side by side, then the body with their results. */
export async function runChord(groups: Groups, node: ChordNode, given: Given, scope: Scope): Promise<Ended> {
  const id = groups.runtime.newId();
  const open = { id, chord: true, join: node.join };
  const { ended, last } = await runMembers(groups, node.header, headerGiven(node, given), scope, open);
  const after: Scope = { ...scope, ...trailOf(last, scope) };
  const joined = joinHeader(node, ended, id);
  if (!joined.ok) return failBody(groups, node, joined.failure, after);
  const group = scope.group ?? { id, index: null };
  return groups.run(node.body, { args: [joined.value], kwargs: {} }, { ...after, group, onPath: bodyOnPath(scope) });
}

/** What the body is given, or why it does not run. */
function joinHeader({ header, join }: ChordNode, ended: Members['ended'], groupId: string): CanvasOutcome {
  if (join !== undefined && join.policy !== 'failFast')
    return judge(
      join,
      ended.map((one) => one?.outcome),
    );
  // In the order of the header, not of time: the same canvas names the same culprit. What fails fast has only one.
  const failed = join === undefined ? ended.find((one) => one?.outcome.ok === false) : firstInTime(ended);
  if (failed?.outcome.ok === false) {
    const memberId = idOfMember(header[ended.indexOf(failed)]) ?? failed.taskId ?? groupId;
    return { ok: false, failure: chordFailure(memberId, failed.outcome.failure) };
  }
  return { ok: true, value: ended.flatMap((one) => (one?.outcome.ok === true ? [one.outcome.value] : [])) };
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
