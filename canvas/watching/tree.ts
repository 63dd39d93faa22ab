/** Answers questions about the tree of a run; the size of an answer is bounded for wide and deep canvases. */
import {
  type CanvasCallState,
  type CanvasNodesQuery,
  type CanvasRole,
  type CanvasTreeNode,
  type CanvasTreeQuery,
  MAX_TREE_DEPTH,
  MAX_TREE_NODES,
} from '../../contracts/canvas/views.ts';
import { type Branch, type Branches, branchesOf, joined } from '../plan/branches.ts';
import type { Node } from '../model/nodes.ts';
import type { Tracker } from './tracker.ts';
import type { CallRecord } from './records.ts';

/** What is looked at of a tracker. */
export type TrackerView = Pick<Tracker, 'calls' | 'composites' | 'attached' | 'elsewhere' | 'root' | 'over'> & {
  readonly known: ReadonlyMap<string, unknown>;
};

const DEPTH = 3;
const NODES = 200;

/** Characters of an answer as JSON; the server takes 2 MB. */
const ANSWER_CHARACTERS = 700_000;

/**
 * Answers a question about the tree: the node, its children from `after` on, then
 * theirs, level by level, until the answer is full.
 *
 * A node that a part runs is shown without its children and with the id of the
 * part; a path inside of such a node shows that node.
 *
 * @returns `null` where there is no such node
 */
export function treeOf(seen: TrackerView, query: CanvasTreeQuery = {}): CanvasTreeNode | null {
  const { path = 'root', after = 0 } = query;
  const shownPath = handedAbove(seen, path) ?? path;
  const found = find(seen, [shownPath]).get(shownPath);
  if (found === undefined) return null;
  const room = roomFor(query.limit ?? NODES);
  const top = view(seen, found.branch, found.dead);
  spend(room, top);
  openAll(seen, [{ shown: top, node: found.branch.node, from: after }], query.depth ?? DEPTH, room);
  return top;
}

/** Answers for several nodes at once: first the nodes, as many as there is room for, then what is below them. */
export function nodesOf(
  seen: TrackerView,
  { paths, depth, limit }: CanvasNodesQuery,
): readonly (CanvasTreeNode | null)[] {
  const found = find(seen, paths);
  const room = roomFor(limit);
  const answer: (Shown | null)[] = [];
  const level: Open[] = [];
  for (const path of paths) {
    const one = found.get(path);
    const shown = one === undefined ? null : view(seen, one.branch, one.dead);
    if (shown !== null && !spend(room, shown)) break;
    answer.push(shown);
    if (one !== undefined && shown !== null) level.push({ shown, node: one.branch.node, from: 0 });
  }
  openAll(seen, level, depth, room);
  return answer;
}

/** Says whether this run knows of a node at a path. */
export function hasNode(seen: TrackerView, path: string): boolean {
  return find(seen, [path]).size > 0;
}

/** The node at or above a path that a part runs with all below it. */
export function handedAbove({ calls, composites, elsewhere }: TrackerView, path: string): string | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    if (elsewhere.has(at)) return at;
    if (calls.has(at) || composites.has(at)) return undefined;
  }
  return undefined;
}

const roomFor = (limit: number): Room => ({ nodes: bounded(limit, MAX_TREE_NODES), characters: ANSWER_CHARACTERS });

function openAll(seen: TrackerView, tops: readonly Open[], depth: number, room: Room): void {
  let level = tops;
  for (let left = bounded(depth, MAX_TREE_DEPTH); left > 0 && level.length > 0; left -= 1)
    level = level.flatMap((open) => openUp(seen, open, room));
}

const bounded = (value: number, most: number): number => Math.min(most, Math.max(0, Math.floor(value)));

/** A node of the answer that is being made. */
type Shown = { -readonly [K in keyof CanvasTreeNode]: CanvasTreeNode[K] };

interface Open {
  readonly shown: Shown;
  readonly node: Node;
  /** Children before this one are left out. */
  readonly from: number;
}

interface Room {
  nodes: number;
  characters: number;
}

/** Adds children to one node of the answer, as many as there is room for. */
function openUp(seen: TrackerView, { shown, node, from }: Open, room: Room): Open[] {
  const below = branchesBelow(seen, node);
  if (below.size <= from || shown.part !== undefined) return [];
  const opened: Open[] = [];
  const children: Shown[] = [];
  for (const branch of below.slice(from, from + room.nodes)) {
    const child = view(seen, branch, isDead(node, shown.state));
    if (!spend(room, child)) break;
    children.push(child);
    opened.push({ shown: child, node: branch.node, from: 0 });
  }
  if (children.length > 0) shown.children = children;
  const next = from + children.length;
  if (next < below.size) shown.next = next;
  return opened;
}

function spend(room: Room, shown: Shown): boolean {
  const characters = JSON.stringify(shown).length;
  if (room.nodes < 1 || room.characters < characters) return false;
  room.nodes -= 1;
  room.characters -= characters;
  return true;
}

/** Children of a node, then the canvases that it has started. */
function branchesBelow({ attached }: TrackerView, node: Node): Branches {
  const own = branchesOf(node);
  const more = attached.get(node.path);
  if (more === undefined) return own;
  return joined(own, {
    size: more.length,
    slice: (from, to) => more.slice(from, to).map((one) => ({ role: roleOf(node.path, one.path), node: one })),
  });
}

const ROLES: ReadonlySet<string> = new Set<CanvasRole>(['link', 'errback', 'sent', 'replaced', 'added']);

/** The path segment after that of the call that started it, for example `root/1/link/0`. */
function roleOf(parent: string, path: string): CanvasRole {
  const word = path.slice(parent.length + 1).split('/')[0] ?? '';
  return ROLES.has(word) ? (word as CanvasRole) : 'sent'; // one of the set, which holds nothing else
}

/** A node with its place in the tree. */
export interface Found {
  readonly branch: Branch;
  /** A node above it failed. */
  readonly dead: boolean;
}

function find(seen: TrackerView, paths: readonly string[]): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  const wanted = new Set(paths);
  for (const at of everyNode(seen)) {
    const { path } = at.branch.node;
    if (wanted.delete(path)) found.set(path, at);
    if (wanted.size === 0) break;
  }
  return found;
}

/** Yields every node that the run has planned, each before those below it. */
export function* everyNode(seen: TrackerView): Generator<Found> {
  const root = seen.root();
  const waiting: Found[] = root === undefined ? [] : [{ branch: { role: 'root', node: root }, dead: false }];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const { node } = at.branch;
    yield at;
    const dead = isDead(node, stateOf(seen, node, at.dead));
    const below = branchesBelow(seen, node);
    for (const branch of below.slice(0, below.size)) waiting.push({ branch, dead });
  }
}

function view(seen: TrackerView, { role, node }: Branch, dead: boolean): Shown {
  const record = node.kind === 'call' ? seen.calls.get(node.path) : undefined;
  const { size } = branchesBelow(seen, node);
  return {
    kind: node.kind,
    role,
    path: node.path,
    state: stateOf(seen, node, dead),
    ...taskOf(node),
    ...(record === undefined ? {} : viewOfCall(record, seen)),
    ...endOf(seen, node),
    ...partOf(seen, node),
    ...(size === 0 ? {} : { size }),
  };
}

function taskOf(node: Node): Pick<CanvasTreeNode, 'task'> {
  if (node.kind === 'call') return { task: node.task };
  return node.kind === 'map' ? { task: node.task.task } : {};
}

function viewOfCall(
  { id, retries, attempts = retries === 0 ? undefined : retries + 1, sentAt, endedAt, failure, path }: CallRecord,
  { known }: TrackerView,
): Partial<CanvasTreeNode> {
  return {
    ...(id === '' ? {} : { id }),
    ...(known.has(path) ? { kept: true } : {}),
    ...(attempts === undefined ? {} : { attempts }),
    ...(sentAt === undefined ? {} : { sentAt: isoTime(sentAt) }),
    ...(endedAt === undefined ? {} : { endedAt: isoTime(endedAt) }),
    ...(failure === undefined ? {} : { failure }),
  };
}

function endOf({ composites }: TrackerView, node: Node): Pick<CanvasTreeNode, 'endedAt'> {
  const endedAt = node.kind === 'call' ? undefined : composites.get(node.path)?.endedAt;
  return endedAt === undefined ? {} : { endedAt: isoTime(endedAt) };
}

function partOf({ elsewhere }: TrackerView, { path }: Node): Pick<CanvasTreeNode, 'part'> {
  const part = elsewhere.get(path);
  return part === undefined ? {} : { part };
}

/** The state of a node. */
export function stateOf(seen: TrackerView, node: Node, dead: boolean): CanvasCallState {
  const own = node.kind === 'call' ? seen.calls.get(node.path)?.state : seen.composites.get(node.path)?.state;
  if (own === undefined) return dead || seen.over() ? 'skipped' : 'waiting';
  // A composite that was cancelled has no end of its own.
  return own === 'running' && seen.over() ? 'revoked' : own;
}

/** Children of a failed composite cannot begin any more; error callbacks of a failed call do. */
function isDead({ kind }: Node, state: CanvasCallState): boolean {
  if (kind === 'call') return false;
  return state === 'failed' || state === 'revoked' || state === 'skipped';
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
