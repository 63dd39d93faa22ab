/** Runs groups, and chords: groups that a body follows. */
import { bodyLookahead } from './lookahead.ts';
import type { createCallbacks } from './callbacks.ts';
import { createEarlyEnd, type MemberEnds } from './early-end.ts';
import type { MemberParts } from './oversized.ts';
import { decisionOf, judge } from '../model/join.ts';
import { chordFailure, type CanvasFailure, type CanvasOutcome, listOutcome } from '../model/outcome.ts';
import { type ChordNode, errbacksOf, fixedId, type GroupNode, identify, type Node } from '../model/nodes.ts';
import { planCanvas } from '../plan/plan.ts';
import type { CanvasRuntime } from './runtime.ts';
import { allSettledOrThrow, type NodeEnd, type Given, type RunNode, type Scope } from '../model/scope.ts';
import { union } from '../signature/options.ts';
import type { Join } from '../signature/signature.ts';

/** What groups need of the engine. */
export interface Groups {
  readonly runtime: CanvasRuntime;
  readonly run: RunNode;
  readonly callbacks: ReturnType<typeof createCallbacks>;
  /** Runs oversized members. */
  readonly parts: MemberParts | undefined;
}

/** Members of one group or header, in order; members that tasks add on the way stand at the end. */
interface Members {
  /** `undefined` for those that were cancelled because the join policy was decided without them. */
  readonly ended: readonly (NodeEnd | undefined)[];
  /** The one that came to its end last. */
  readonly last: Trail | undefined;
}

type Trail = Pick<NodeEnd, 'taskId' | 'rootId'>;

/** How a group runs its members. */
interface Opened {
  readonly id: string;
  readonly chord: boolean;
  readonly join?: Join | undefined;
}

/** The one place where members are started: one by one, or many in each of several parts. */
async function runMembers(
  { run, runtime, callbacks, parts }: Groups,
  members: readonly Node[],
  given: Given,
  scope: Scope,
  open: Opened,
): Promise<Members> {
  let last: Trail | undefined;
  let places = 0;
  const running: Promise<MemberEnds>[] = [];
  const early = createEarlyEnd(decisionOf(open.join), runtime);
  const start = (count: number, own: Partial<Scope>, work: (place: Scope) => Promise<MemberEnds>): void => {
    const { rootId, parentId = null, inside, sentAt, joined } = own;
    const group = { id: open.id, index: places };
    places += count;
    const begin = (): Promise<MemberEnds> =>
      work({ rootId, parentId, inside, sentAt, joined, group, chord, onPath: false });
    const ended = early === undefined ? begin() : early.start(begin, count);
    if (ended !== undefined) running.push(ended);
  };
  const one = (member: Node, input: Given, own: Partial<Scope>): void =>
    start(1, own, (place) => run(member, input, place).then((ended) => (last = ended)));
  const chord: Scope['chord'] = open.chord
    ? {
        add: ({ signature, parent }) => {
          const member = planCanvas(signature, {}, `${parent.path}/added`);
          if (member === undefined) return;
          runtime.planned?.(member, parent.path);
          one(member, { args: [], kwargs: {} }, { rootId: parent.rootId, parentId: parent.parentId });
        },
      }
    : null;
  if (scope.inside === true || parts === undefined) for (const member of members) one(member, given, scope);
  else
    for (const part of parts.cut(members))
      start(part.length, scope, async (place) => {
        const { ended, last: trail } = await parts.run(part, given, place, open.join);
        last = trail ?? last;
        return ended;
      });
  const whole = settled(running);
  if (early === undefined) return { ended: (await whole).flat(), last };
  await Promise.race([early.decided, whole]);
  callbacks.leave([...early.stop(), whole]);
  return { ended: early.ended(), last };
}

/** The list grows while members add to the header they belong to. */
async function settled(running: readonly Promise<MemberEnds>[]): Promise<readonly MemberEnds[]> {
  for (let seen = -1; seen !== running.length;) {
    seen = running.length;
    await allSettledOrThrow(running);
  }
  return Promise.all(running);
}

/** Members side by side; fails with the one that failed first, once all have ended. */
export async function runGroup(groups: Groups, node: GroupNode, given: Given, scope: Scope): Promise<NodeEnd> {
  const id = node.id ?? groups.runtime.newId();
  const { ended, last } = await runMembers(groups, node.members, given, scope, { id, chord: false });
  const { rootId, parentId: taskId } = trailOf(last, scope);
  const trail = { taskId, rootId };
  const failed = firstInTime(ended);
  if (failed !== undefined) return { ...failed, ...trail };
  return { outcome: listOutcome(ended.flatMap((one) => (one?.outcome.ok === true ? [one.outcome] : []))), ...trail };
}

function firstInTime(ended: Members['ended']): NodeEnd | undefined {
  const failed = ended.flatMap((one) => (one?.outcome.ok === false ? [one] : []));
  return failed.sort(byTimeOfFailure)[0];
}

/** By the clock where they failed in different runs, and within one as that run has numbered them. */
function byTimeOfFailure(a: NodeEnd, b: NodeEnd): number {
  return (a.failedAt ?? 0) - (b.failedAt ?? 0) || (a.failedAs ?? 0) - (b.failedAs ?? 0);
}

/** Header members side by side, then the body with their results. */
export async function runChord(groups: Groups, node: ChordNode, given: Given, scope: Scope): Promise<NodeEnd> {
  const id = groups.runtime.newId();
  const open = { id, chord: true, join: node.join };
  const lookahead = bodyLookahead(groups.runtime, node, scope, id);
  const within = { ...scope, joined: lookahead };
  const { ended, last } = await runMembers(groups, node.header, headerGiven(node, given), within, open);
  const after: Scope = { ...scope, ...trailOf(last, scope), sentAt: undefined };
  const joined = joinHeader(node, ended, id);
  if (!joined.ok) return failBody(groups, node, withTold(joined.failure, ended), after);
  const group = scope.group ?? { id, index: null };
  const body = lookahead === undefined ? node.body : identify(node.body, lookahead.body.id);
  return groups.run(body, { args: [joined.value], kwargs: {} }, { ...after, group, onPath: bodyOnPath(scope) });
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

/** As in Celery, an error callback of chords inside of each other is told once of a failure that went through their bodies. */
function withTold(failure: CanvasFailure, ended: Members['ended']): CanvasFailure {
  if (failure.cause === undefined) return failure;
  const told = ended.flatMap((one) => (one?.outcome.ok === false ? (one.outcome.failure.told ?? []) : []));
  return { ...failure, told };
}

function idOfMember(member: Node | undefined): string | undefined {
  return member === undefined ? undefined : fixedId(member);
}

/** The root and parent of what comes after a group: the member that ended last. */
function trailOf(last: Trail | undefined, scope: Scope): Pick<Scope, 'rootId' | 'parentId'> {
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
function failBody({ callbacks }: Groups, node: ChordNode, failure: CanvasFailure, scope: Scope): NodeEnd {
  const trail = { taskId: fixedId(node.body) ?? scope.parentId, rootId: scope.rootId };
  callbacks.failNode(node.body, failure, scope);
  const direct = scope.onPath || node.body.kind === 'group';
  const told = union(failure.told ?? [], errbacksOf(node.body));
  return { outcome: { ok: false, failure: { ...(direct ? (failure.cause ?? failure) : failure), told } }, ...trail };
}
