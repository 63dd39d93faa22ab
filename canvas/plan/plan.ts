/**
 * From Celery's data to a tree that can be run: groups that are followed by a
 * step become headers of chords; options, links and error callbacks go to the
 * calls they belong to. With `flatten.ts` this holds every rule of shape, so
 * that the engine only has to walk the tree.
 */
import { chunks } from '../../concurrency/chunks.ts';
import { flatten, type Step, unrollHead } from './flatten.ts';
import { joinOf } from '../model/join.ts';
import { resolveJoins } from './joined-groups.ts';
import {
  type CallNode,
  type ChordNode,
  endsInGroup,
  feed,
  type GroupNode,
  type MapNode,
  type Node,
  withErrbacks,
} from '../model/nodes.ts';
import { type Given, NOTHING, effectiveOptions } from '../signature/options.ts';
import {
  chordOf,
  kindOf,
  mapOf,
  type Signature,
  type SignatureKind,
  type SignatureOptions,
  optionsOf,
  tasksOf,
} from '../signature/signature.ts';

/**
 * Plans a canvas.
 *
 * @param given - links and error callbacks of a call that the canvas takes the place of, and its id
 * @param path - where it stands
 * @returns `undefined` for a chain without steps: there is nothing to do
 */
export function planCanvas(signature: Signature, given: Partial<Given> = {}, path = 'root'): Node | undefined {
  return plan(resolveJoins(signature), { ...NOTHING, ...given }, path);
}

type Planner = (signature: Signature, given: Given, path: string) => Node | undefined;

const planners: Readonly<Record<SignatureKind, Planner>> = {
  task: planCall,
  map: planMap,
  starmap: planMap,
  chunks: planChunks,
  chain: planChain,
  group: planGroup,
  chord: planChord,
};

function plan(signature: Signature, given: Given, path: string): Node | undefined {
  return planners[kindOf(signature)](signature, given, path);
}

function planCall(signature: Signature, given: Given, path: string): CallNode {
  const { task, args = [], kwargs = {}, immutable = false } = signature;
  return {
    kind: 'call',
    path,
    task,
    args,
    kwargs,
    immutable: immutable || given.immutable === true,
    compensate: signature.options?.compensate ?? undefined,
    ...effectiveOptions(signature, given),
  };
}

function planMap(signature: Signature, given: Given, path: string): MapNode {
  const { task, items } = mapOf(signature);
  const spread = kindOf(signature) === 'starmap';
  return { kind: 'map', path, task, items, spread, ...effectiveOptions(signature, given) };
}

/** Celery runs data of this kind as one task that answers with ids; here the results come back, chunk by chunk. */
function planChunks(signature: Signature, given: Given, path: string): GroupNode {
  const { task, items, size } = mapOf(signature);
  const { options, links, errbacks, id } = effectiveOptions(signature, given);
  const members = chunks(items, size).map((chunk, index): MapNode => ({
    kind: 'map',
    path: `${path}/${index}`,
    id: undefined,
    task,
    items: chunk,
    spread: true,
    options,
    links,
    errbacks,
  }));
  return { kind: 'group', path, id, members };
}

function planGroup(signature: Signature, given: Given, path: string): GroupNode {
  const own = optionsOf(signature);
  return { kind: 'group', path, id: own.task_id ?? given.id, members: planMembers(signature, given, path) };
}

/** Members of nested groups stand side by side with the others, in the order in which they are written. */
function planMembers(group: Signature, given: Given, path: string): readonly Node[] {
  const { links, errbacks, options } = effectiveOptions(group, given);
  const immutable = group.immutable === true || given.immutable === true;
  // A group has no call of its own that could be linked: each member calls the link with its own result.
  return planAll(tasksOf(group), { over: options, links, errbacks, immutable }, path);
}

function planAll(members: readonly Signature[], given: Given, path: string): readonly Node[] {
  return members.flatMap((member, index) => planMember(member, given, `${path}/${index}`));
}

function planMember(member: Signature, given: Given, path: string): readonly Node[] {
  if (kindOf(member) === 'group') return planMembers(member, given, path);
  const node = plan(member, given, path);
  return node === undefined ? [] : [node];
}

function planChord(signature: Signature, given: Given, path: string): ChordNode {
  const { header, body, kwargs } = chordOf(signature);
  const { options, links, errbacks, id } = effectiveOptions(signature, given);
  // A delay of the chord delays its header; the body starts when the header is done.
  const { countdown: _countdown, eta: _eta, ...bodyOptions } = options;
  const planned =
    body === undefined ? undefined : plan(body, { over: bodyOptions, links, errbacks, id }, `${path}/body`);
  return {
    kind: 'chord',
    path,
    header: planHeader(header, options, errbacks, `${path}/header`),
    body: planned ?? { kind: 'chain', path: `${path}/body`, steps: [], errbacks: [] },
    args: signature.args ?? [],
    kwargs,
    immutable: signature.immutable === true || given.immutable === true,
    join: joinOf(signature),
  };
}

/** Error callbacks of a chord go to its body, and to chords in its header, but not to other header members. */
function planHeader(
  members: readonly Signature[],
  over: SignatureOptions,
  errbacks: readonly Signature[],
  path: string,
): readonly Node[] {
  return members.flatMap((member, index) =>
    planMember(member, { over, links: [], errbacks: kindOf(member) === 'chord' ? errbacks : [] }, `${path}/${index}`),
  );
}

function planChain(signature: Signature, given: Given, path: string): Node | undefined {
  const steps = unrollHead(flatten(signature, given, path));
  if (steps.length > 0) {
    const nodes = assemble(steps);
    return nodes.length === 1
      ? nodes[0]
      : { kind: 'chain', path, steps: nodes, errbacks: effectiveOptions(signature, given).errbacks };
  }
  // A chain of nothing but empty groups is an empty group; one without anything is nothing.
  return holdsGroup(signature) ? { kind: 'group', path, id: given.id, members: [] } : undefined;
}

function holdsGroup(chain: Signature): boolean {
  return tasksOf(chain).some((step) => kindOf(step) === 'group' || (kindOf(step) === 'chain' && holdsGroup(step)));
}

/** From the end, because a group looks at what follows it. */
function assemble(steps: readonly Step[]): readonly Node[] {
  const nodes: Node[] = [];
  for (const step of [...steps].reverse()) {
    const next = nodes.at(-1);
    const node = planStep(step, next !== undefined);
    if (node === undefined) continue;
    if (next !== undefined && endsInGroup(node)) {
      nodes.pop();
      nodes.push(feed(node, next));
    } else nodes.push(node);
  }
  return nodes.reverse();
}

/** Error callbacks of a chain belong to the body that a group is followed by, not to the group's members. */
function planStep({ signature, given, path }: Step, followed: boolean): Node | undefined {
  if (kindOf(signature) !== 'group' || !followed) return plan(signature, given, path);
  const own = planGroup(signature, { ...given, errbacks: [] }, path);
  return {
    ...own,
    members: own.members.map((member) => (member.kind === 'chord' ? withErrbacks(member, given.errbacks) : member)),
  };
}
