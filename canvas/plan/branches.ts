/** The tree of a planned canvas as its viewers walk it: what each node holds, and how many calls that makes. */
import type { CanvasRole } from '../../contracts/canvas/views.ts';
import type { CallNode, MapNode, Node } from '../model/nodes.ts';

/** A node of a canvas, and its role in the node that holds it. */
export interface Branch {
  readonly role: CanvasRole;
  readonly node: Node;
}

/** Nodes that one node holds; a slice can be taken without making all of them. */
export interface Branches {
  readonly size: number;
  readonly slice: (from: number, to: number) => readonly Branch[];
}

const NONE: Branches = { size: 0, slice: () => [] };

const listOf = (role: CanvasRole, nodes: readonly Node[]): Branches => ({
  size: nodes.length,
  slice: (from, to) => nodes.slice(from, to).map((node) => ({ role, node })),
});

const branches = {
  call: () => NONE,
  map: (node: MapNode): Branches => ({
    size: node.items.length,
    slice: (from, to) =>
      node.items
        .slice(from, to)
        .map((_item, index) => ({ role: 'item', node: itemOf(node, (node.first ?? 0) + from + index) })),
  }),
  chain: ({ steps }) => listOf('step', steps),
  group: ({ members }) => listOf('member', members),
  chord: ({ header, body }) => joined(listOf('header', header), listOf('body', [body])),
} satisfies { readonly [K in Node['kind']]: (node: Extract<Node, { kind: K }>) => Branches };

/** What a node holds, in the order in which it is written. */
export function branchesOf(node: Node): Branches {
  return (branches[node.kind] as (node: Node) => Branches)(node); // each function is only called with a node of its own kind
}

/** Two lists, one behind the other. */
export function joined(first: Branches, second: Branches): Branches {
  if (second.size === 0) return first;
  return {
    size: first.size + second.size,
    slice: (from, to) => [
      ...first.slice(from, to),
      ...second.slice(Math.max(0, from - first.size), Math.max(0, to - first.size)),
    ],
  };
}

/** Calls in a node, callbacks left out. */
export function callsIn(node: Node): number {
  if (node.kind === 'call') return 1;
  if (node.kind === 'map') return node.items.length;
  const { size, slice } = branchesOf(node);
  return slice(0, size).reduce((sum, branch) => sum + callsIn(branch.node), 0);
}

/** One item of a map, which is called like a task but is no call of its own in the data. */
function itemOf({ path, task, options }: MapNode, index: number): CallNode {
  return {
    kind: 'call',
    path: `${path}/item/${index}`,
    id: undefined,
    task: task.task,
    args: [],
    kwargs: {},
    options,
    immutable: true,
    links: [],
    errbacks: [],
  };
}
