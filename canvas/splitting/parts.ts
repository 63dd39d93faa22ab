import type { CanvasFailure } from '../model/outcome.ts';
import type { ChainNode, MapNode, Node } from '../model/nodes.ts';
import type { AddedMember, NodeEnd, Given, Scope } from '../model/scope.ts';
import { callWeight, weightOf } from './weight.ts';
import type { UndoNote } from '../model/request.ts';
import type { Join } from '../signature/signature.ts';

/** Nodes that run side by side in a run of their own, and what they are run with. */
export interface CanvasPart {
  readonly nodes: readonly Node[];
  readonly given: Given;
  readonly scope: PartScope;
  /** The first failure ends the part, and cancels what still runs. */
  readonly failFast: boolean;
  /** So many successes end the part, and cancel what still runs: with those of other parts there may be more. @defaultValue all */
  readonly enough?: number;
}

/** A scope as data. The place in the group is that of the first node; the others follow. */
export interface PartScope extends Omit<Scope, 'chord' | 'inside'> {
  /** The nodes are members of a header, or lead to the result of one. */
  readonly inHeader: boolean;
}

/** The outcome of a part; of nodes that succeeded only what the run needs. */
export interface PartReply {
  /** One for each node, in order; `null` where it failed. */
  readonly values: readonly unknown[];
  /** What callers see, by the place of the node, where it differs from the value. */
  readonly shown: Readonly<Record<number, unknown>>;
  readonly failed: readonly (Pick<NodeEnd, 'taskId' | 'rootId' | 'failedAs' | 'failedAt'> & {
    readonly at: number;
    readonly failure: CanvasFailure;
  })[];
  /** Places of nodes that were cancelled, because the join policy was decided without them. */
  readonly cancelled: readonly number[];
  /** The node that came to its end last. */
  readonly last: Pick<NodeEnd, 'taskId' | 'rootId'> | null;
  /** Members that tasks have added to the header around the part. */
  readonly added: readonly AddedMember[];
  /** Calls that have to be undone when the canvas fails. */
  readonly undo?: readonly UndoNote[];
}

/** Runs parts somewhere else. */
export interface PartRunner {
  /** The weight that one run carries itself. */
  readonly weight: number;
  /**
   * Runs a part. Rejects only when the run is cancelled.
   *
   * @param beside - told of what still goes on in the part when its nodes have ended, such as links
   */
  run(part: CanvasPart, beside: (rest: Promise<unknown>) => void): Promise<PartReply>;
}

/** The part that some nodes are, where they stand. */
export function partOf(
  nodes: readonly Node[],
  given: Given,
  scope: Scope,
  { nowMs, join }: { readonly nowMs: number; readonly join?: Join | undefined },
): CanvasPart {
  const { chord, inside: _inside, sentAt = nowMs, ...rest } = scope;
  return {
    nodes,
    given,
    scope: { ...rest, sentAt, inHeader: chord !== null },
    failFast: join?.policy === 'failFast',
    ...(join?.policy === 'quorum' ? { enough: join.count } : {}),
  };
}

/** The reply of a part whose nodes have ended; `undefined` for those that were cancelled. */
export function replyOf(
  ended: readonly (NodeEnd | undefined)[],
  last: NodeEnd | undefined,
  added: readonly AddedMember[],
): PartReply {
  const shown: Record<number, unknown> = {};
  for (const [at, one] of ended.entries())
    if (one?.outcome.ok === true && one.outcome.shown !== undefined) shown[at] = one.outcome.shown.value;
  return {
    values: ended.map((one) => (one?.outcome.ok === true ? one.outcome.value : null)),
    shown,
    failed: ended.flatMap((one, at) => {
      if (one === undefined || one.outcome.ok) return [];
      const { outcome, ...rest } = one;
      return [{ ...rest, at, failure: outcome.failure }];
    }),
    cancelled: [...ended.keys()].filter((at) => ended[at] === undefined),
    last: last === undefined ? null : { taskId: last.taskId, rootId: last.rootId },
    added,
  };
}

/** The reply of a part that could not be run to its end. */
export function lostPart({ nodes, scope }: CanvasPart, failure: CanvasFailure, nowMs: number): PartReply {
  const ended: NodeEnd = {
    outcome: { ok: false, failure },
    taskId: scope.parentId,
    rootId: scope.rootId,
    failedAt: nowMs,
  };
  return replyOf(
    nodes.map(() => ended),
    ended,
    [],
  );
}

/** What became of each node of a part; `undefined` for those that were cancelled. */
export function endedOf({ values, shown, failed, cancelled, last }: PartReply): readonly (NodeEnd | undefined)[] {
  const ended = values.map((value, at): NodeEnd | undefined => ({
    outcome: { ok: true, value, ...(Object.hasOwn(shown, at) ? { shown: { value: shown[at] } } : {}) },
    taskId: last?.taskId ?? null,
    rootId: last?.rootId,
  }));
  for (const { at, failure, ...rest } of failed) ended[at] = { ...rest, outcome: { ok: false, failure } };
  for (const at of cancelled) ended[at] = undefined;
  return ended;
}

/** Puts neighbours together up to a weight; an item that weighs more is alone. */
export function cut<T>(items: readonly T[], limit: number, weigh: (item: T) => number): readonly (readonly T[])[] {
  const pieces: T[][] = [];
  let room = 0;
  for (const item of items) {
    const weight = weigh(item);
    const piece = pieces.at(-1);
    if (piece === undefined || weight > room) {
      pieces.push([item]);
      room = limit - weight;
    } else {
      piece.push(item);
      room -= weight;
    }
  }
  return pieces;
}

/** A chain with neighbouring steps put together, each within the limit unless it is a single step. */
export function inSegments(node: ChainNode, limit: number): ChainNode {
  const steps = cut(node.steps, limit, weightOf).map((segment): Node => {
    const [only] = segment;
    return segment.length === 1 && only !== undefined
      ? only
      : { kind: 'chain', path: node.path, steps: segment, errbacks: node.errbacks };
  });
  return { ...node, steps };
}

/** A map in pieces that follow each other. What belongs to the whole, such as its callbacks, is left out. */
export function inPieces(node: MapNode, limit: number): readonly MapNode[] {
  let first = node.first ?? 0;
  return cut(node.items, limit, (item) => callWeight([item], {})).map((items) => {
    const piece: MapNode = { ...node, items, first, links: [], errbacks: [] };
    first += items.length;
    return piece;
  });
}
