/** Types that the modules of the engine share. */
import type { CanvasOutcome } from './outcome.ts';
import type { Node } from './nodes.ts';
import type { Signature } from '../signature/signature.ts';
import type { CallLookahead, JoinLookahead } from './request.ts';

/** Arguments that come from outside of a node: of the caller, or the result of the step before. */
export interface Given {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** Where a node stands while it runs. */
export interface Scope {
  /** `undefined` for a call that is a root itself. */
  readonly rootId: string | undefined;
  readonly parentId: string | null;
  /** The group that the node's result is a member of. */
  readonly group: { readonly id: string; readonly index: number | null } | null;
  /** The header that the node's result is a member of. */
  readonly chord: { add(member: AddedMember): void } | null;
  /** The node's result leads to the result of the canvas without a group or header in between. */
  readonly onPath: boolean;
  /** The node is a step of a chain of several. */
  readonly inChain?: boolean | undefined;
  /** The run has counted the node already, together with the node that holds it. */
  readonly inside?: boolean | undefined;
  /** When the node was sent, in milliseconds since 1970, where it begins to run later. */
  readonly sentAt?: number | undefined;
  /** Steps behind the node that may be made with it. */
  readonly lookahead?: readonly CallLookahead[] | undefined;
  /** The body of the chord whose header the node is a member of, where it may be made with it. */
  readonly joined?: JoinLookahead | undefined;
}

/** A canvas that a task adds to the header it belongs to. */
export interface AddedMember {
  readonly signature: Signature;
  readonly parent: { readonly rootId: string; readonly parentId: string; readonly path: string };
}

/** The end of a node, with the root and parent of what follows it. */
export interface NodeEnd {
  readonly outcome: CanvasOutcome;
  /** The call that ended last. */
  readonly taskId: string | null;
  readonly rootId: string | undefined;
  /** Number of the failure, in the order in which they happened. */
  readonly failedAs?: number | undefined;
  /** When it failed, in milliseconds since 1970: runs number their failures each for themselves. */
  readonly failedAt?: number | undefined;
}

/** Runs one node to its end. Rejects only on cancellation. */
export type RunNode = (node: Node, given: Given, scope: Scope) => Promise<NodeEnd>;

/** Waits for all, then gives the results or throws the first rejection: no promise is left unsettled. */
export async function allSettledOrThrow<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
