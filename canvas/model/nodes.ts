import { union } from '../signature/options.ts';
import type { Signature, SignatureOptions, Join } from '../signature/signature.ts';

/** Signatures that are called after a call. */
export interface Callbacks {
  /** Called with the result. */
  readonly links: readonly Signature[];
  /** Called when the call has failed for good. */
  readonly errbacks: readonly Signature[];
}

/** One call of a task. */
export interface CallNode extends Callbacks {
  readonly kind: 'call';
  readonly path: string;
  readonly id: string | undefined;
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: SignatureOptions;
  readonly immutable: boolean;
  /** Undoes the call when the canvas fails. */
  readonly compensate?: Signature | undefined;
}

/** Calls of one task, one after the other, for each item: one result, a list. */
export interface MapNode extends Callbacks {
  readonly kind: 'map';
  readonly path: string;
  readonly id: string | undefined;
  readonly task: Signature;
  readonly items: readonly unknown[];
  /** Place of the first item, where the map is a piece of a longer one. @defaultValue 0 */
  readonly first?: number;
  /** Each item is a list of arguments. */
  readonly spread: boolean;
  readonly options: SignatureOptions;
}

/** Steps one after the other, each given the result of the one before. Empty only where a canvas does nothing. */
export interface ChainNode {
  readonly kind: 'chain';
  readonly path: string;
  readonly steps: readonly Node[];
  /** Callbacks of the chain as a whole, which each step has too: told when the chain cannot run at all. */
  readonly errbacks: readonly Signature[];
}

/** Members side by side; their results as a list. */
export interface GroupNode {
  readonly kind: 'group';
  readonly path: string;
  readonly id: string | undefined;
  readonly members: readonly Node[];
}

/** Header members side by side, then the body with their results as a list. */
export interface ChordNode {
  readonly kind: 'chord';
  readonly path: string;
  readonly header: readonly Node[];
  readonly body: Node;
  /** Arguments of the chord itself, for each header member behind those of the caller. */
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Header members take nothing of the caller. */
  readonly immutable: boolean;
  /** When the header is done, and what it gives. @defaultValue all must succeed, and all run to their end */
  readonly join?: Join | undefined;
}

/** A node of a planned canvas. */
export type Node = CallNode | MapNode | ChainNode | GroupNode | ChordNode;

/** Says whether the result is the list of a group. */
export function endsInGroup(node: Node): boolean {
  if (node.kind === 'chord') return endsInGroup(node.body);
  if (node.kind !== 'chain') return node.kind === 'group';
  const last = node.steps.at(-1);
  return last !== undefined && endsInGroup(last);
}

/** Lets the group that a node ends in become the header of a chord with `next` as its body. */
export function feed(node: Node, next: Node): Node {
  if (node.kind === 'group')
    return { kind: 'chord', path: node.path, header: node.members, body: next, args: [], kwargs: {}, immutable: false };
  if (node.kind === 'chord') return { ...node, body: feed(node.body, next) };
  if (node.kind !== 'chain') return node;
  return {
    ...node,
    steps: node.steps.map((step, index) => (index === node.steps.length - 1 ? feed(step, next) : step)),
  };
}

/** Adds error callbacks to every call that can fail the node for good; of a chord only to its body. */
export function withErrbacks(node: Node, errbacks: readonly Signature[]): Node {
  if (errbacks.length === 0) return node;
  if (node.kind === 'chord') return { ...node, body: withErrbacks(node.body, errbacks) };
  if (node.kind === 'call' || node.kind === 'map') return { ...node, errbacks: union(node.errbacks, errbacks) };
  if (node.kind === 'chain') return { ...node, steps: node.steps.map((step) => withErrbacks(step, errbacks)) };
  return { ...node, members: node.members.map((member) => withErrbacks(member, errbacks)) };
}

/** Error callbacks of a node that could not run: those of a chain as a whole, of a chord those of its body. */
export function errbacksOf(node: Node): readonly Signature[] {
  if (node.kind === 'chord') return errbacksOf(node.body);
  if (node.kind !== 'group') return node.errbacks;
  return node.members.reduce<readonly Signature[]>((all, member) => union(all, errbacksOf(member)), []);
}

/** The name of a node: that of its task, or of Celery for what is composed. */
export function nameOf(node: Node): string {
  if (node.kind === 'call') return node.task;
  if (node.kind === 'map') return node.spread ? 'celery.starmap' : 'celery.map';
  return `celery.${node.kind}`;
}

/** The id of the call whose result is the node's, where the canvas fixes it. */
export function fixedId(node: Node): string | undefined {
  if (node.kind === 'chord') return fixedId(node.body);
  if (node.kind !== 'chain') return node.id;
  const last = node.steps.at(-1);
  return last === undefined ? undefined : fixedId(last);
}

/** Gives an id to the call whose result is the node's. */
export function identify(node: Node, id: string): Node {
  if (node.kind === 'chord') return { ...node, body: identify(node.body, id) };
  if (node.kind !== 'chain') return { ...node, id };
  const last = node.steps.length - 1;
  return { ...node, steps: node.steps.map((step, index) => (index === last ? identify(step, id) : step)) };
}
