/** Shows the tree of a run, a piece at a time: wide canvases and deep ones have answers of bounded size too. */
import {
  type CanvasCallState,
  type CanvasRole,
  type CanvasTreeNode,
  type CanvasTreeQuery,
  MAX_TREE_DEPTH,
  MAX_TREE_NODES,
} from '../contracts/canvas-views.ts';
import { type Branch, type Branches, branchesOf, joined } from './branches.ts';
import type { Node } from './nodes.ts';
import type { CallRecord, Tracker } from './tracker.ts';

/** What is looked at of a tracker. */
type Seen = Pick<Tracker, 'calls' | 'parts' | 'attached' | 'root' | 'over'> & {
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
 * @returns `null` where there is no such node
 */
export function treeOf(seen: Seen, query: CanvasTreeQuery = {}): CanvasTreeNode | null {
  const { path = 'root', after = 0 } = query;
  const found = find(seen, path);
  if (found === undefined) return null;
  const depth = bounded(query.depth ?? DEPTH, MAX_TREE_DEPTH);
  const room = { nodes: bounded(query.limit ?? NODES, MAX_TREE_NODES), characters: ANSWER_CHARACTERS };
  const top = view(seen, found.branch, found.dead);
  spend(room, top);
  let level: Open[] = [{ shown: top, node: found.branch.node, from: after }];
  for (let at = 0; at < depth && level.length > 0; at += 1) level = level.flatMap((open) => openUp(seen, open, room));
  return top;
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
function openUp(seen: Seen, { shown, node, from }: Open, room: Room): Open[] {
  const below = branchesBelow(seen, node);
  if (below.size <= from) return [];
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

/** What a node holds, then what it brought about. */
function branchesBelow({ attached }: Seen, node: Node): Branches {
  const own = branchesOf(node);
  const more = attached.get(node.path);
  if (more === undefined) return own;
  return joined(own, {
    size: more.length,
    slice: (from, to) => more.slice(from, to).map((one) => ({ role: roleOf(node.path, one.path), node: one })),
  });
}

const ROLES: ReadonlySet<string> = new Set<CanvasRole>(['link', 'errback', 'sent', 'replaced', 'added']);

/** The word behind the path of the call that brought it about, for example `root/1/link/0`. */
function roleOf(parent: string, path: string): CanvasRole {
  const word = path.slice(parent.length + 1).split('/')[0] ?? '';
  return ROLES.has(word) ? (word as CanvasRole) : 'sent'; // one of the set, which holds nothing else
}

interface Found {
  readonly branch: Branch;
  /** A part above it failed. */
  readonly dead: boolean;
}

function find(seen: Seen, path: string): Found | undefined {
  const root = seen.root();
  if (root === undefined) return undefined;
  const waiting: Found[] = [{ branch: { role: 'root', node: root }, dead: false }];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const { node } = at.branch;
    if (node.path === path) return at;
    const dead = isDead(node, stateOf(seen, node, at.dead));
    const below = branchesBelow(seen, node);
    for (const branch of below.slice(0, below.size)) waiting.push({ branch, dead });
  }
  return undefined;
}

function view(seen: Seen, { role, node }: Branch, dead: boolean): Shown {
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
    ...(size === 0 ? {} : { size }),
  };
}

function taskOf(node: Node): Pick<CanvasTreeNode, 'task'> {
  if (node.kind === 'call') return { task: node.task };
  return node.kind === 'map' ? { task: node.task.task } : {};
}

function viewOfCall(
  { id, retries, sentAt, endedAt, failure, path }: CallRecord,
  { known }: Seen,
): Partial<CanvasTreeNode> {
  return {
    ...(id === '' ? {} : { id }),
    ...(known.has(path) ? { kept: true } : {}),
    ...(retries === 0 ? {} : { attempts: retries + 1 }),
    ...(sentAt === undefined ? {} : { sentAt: isoTime(sentAt) }),
    ...(endedAt === undefined ? {} : { endedAt: isoTime(endedAt) }),
    ...(failure === undefined ? {} : { failure }),
  };
}

function endOf({ parts }: Seen, node: Node): Pick<CanvasTreeNode, 'endedAt'> {
  const endedAt = node.kind === 'call' ? undefined : parts.get(node.path)?.endedAt;
  return endedAt === undefined ? {} : { endedAt: isoTime(endedAt) };
}

function stateOf(seen: Seen, node: Node, dead: boolean): CanvasCallState {
  const own = node.kind === 'call' ? seen.calls.get(node.path)?.state : seen.parts.get(node.path)?.state;
  if (own === undefined) return dead || seen.over() ? 'skipped' : 'waiting';
  // A part that a stop took by surprise has no end of its own.
  return own === 'running' && seen.over() ? 'revoked' : own;
}

/** Nothing below can begin any more; what a failed call brings about does. */
function isDead({ kind }: Node, state: CanvasCallState): boolean {
  if (kind === 'call') return false;
  return state === 'failed' || state === 'revoked' || state === 'skipped';
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
