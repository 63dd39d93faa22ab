/** Runs groups, and chords: groups that a body follows. */
import type { createCallbacks } from './callbacks.ts';
import { chordFailure, type CanvasFailure, listOutcome } from './outcome.ts';
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
  readonly ended: readonly Ended[];
  /** The one that came to its end last. */
  readonly last: Ended | undefined;
}

/** The one place where members are started, for windows, shards and packs to come. */
async function runMembers(
  { run, runtime }: Groups,
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
          if (member === undefined) return;
          runtime.planned?.(member, parent.path);
          start(member, { args: [], kwargs: {} }, parent);
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

/** Members side by side; fails with the one that failed first, once all have ended. */
export async function runGroup(groups: Groups, node: GroupNode, given: Given, scope: Scope): Promise<Ended> {
  const id = node.id ?? groups.runtime.newId();
  const { ended, last } = await runMembers(groups, node.members, given, scope, { id, chord: false });
  const { rootId, parentId: taskId } = trailOf(last, scope);
  const trail = { taskId, rootId };
  const failed = ended.filter(({ outcome }) => !outcome.ok).sort((a, b) => (a.failedAs ?? 0) - (b.failedAs ?? 0));
  if (failed[0] !== undefined) return { ...failed[0], ...trail };
  return { outcome: listOutcome(ended.flatMap(({ outcome }) => (outcome.ok ? [outcome] : []))), ...trail };
}

/** Header members side by side, then the body with their results. */
export async function runChord(groups: Groups, node: ChordNode, given: Given, scope: Scope): Promise<Ended> {
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
