/** Runs oversized nodes: handed over in parts, or cut where a node is too large for a part as well. */
import type { EngineContext } from './calls.ts';
import { runLongMap } from './maps.ts';
import type { Node } from '../model/nodes.ts';
import { cut, endedOf, inPieces, inSegments, partOf } from '../splitting/parts.ts';
import type { NodeEnd, Given, RunNode, Scope } from '../model/scope.ts';
import { weightOf } from '../splitting/weight.ts';
import type { Join } from '../signature/signature.ts';

/** What became of nodes that were handed over together. */
export interface PartEnded {
  readonly ended: readonly (NodeEnd | undefined)[];
  /** Of the one that ended last. */
  readonly last: Pick<NodeEnd, 'taskId' | 'rootId'> | null;
}

/** Hands members of groups and headers over. */
export interface MemberParts {
  /** Neighbours that go together. */
  readonly cut: (members: readonly Node[]) => readonly (readonly Node[])[];
  readonly run: (members: readonly Node[], given: Given, scope: Scope, join?: Join) => Promise<PartEnded>;
}

/** Runs oversized nodes. */
export interface OversizedRunner {
  readonly run: RunNode;
  /** `undefined` without a part runner. */
  readonly members: MemberParts | undefined;
}

/**
 * Binds oversized nodes to a run.
 *
 * @param runHere - runs a node here, although the run has used up its weight
 */
export function createOversizedRunner(own: EngineContext, runHere: RunNode): OversizedRunner {
  const { runtime, callbacks } = own;
  const { partRunner: parts } = runtime;
  if (parts === undefined) return { run: runHere, members: undefined };
  const handOver: MemberParts['run'] = async (nodes, given, scope, join) => {
    const part = partOf(nodes, given, scope, { nowMs: runtime.now(), join });
    const reply = await parts.run(part, callbacks.background.watch);
    own.saga.adopt(reply.undo ?? []);
    for (const member of reply.added) scope.chord?.add(member);
    return { ended: endedOf(reply), last: reply.last };
  };
  const run: RunNode = async (node, given, scope) => {
    if (weightOf(node) > parts.weight) return runCut(own, runHere, parts.weight, node, given, scope);
    const { ended } = await handOver([node], given, scope);
    const [only] = ended;
    if (only === undefined) throw new TypeError(`expected an end of ${node.path}, got none`);
    return only;
  };
  return { run, members: { cut: (members) => cut(members, parts.weight, weightOf), run: handOver } };
}

/** A node that is too large for any run: its children are run one by one, here or in parts. */
function runCut(
  own: EngineContext,
  runHere: RunNode,
  limit: number,
  node: Node,
  given: Given,
  scope: Scope,
): Promise<NodeEnd> {
  if (node.kind === 'chain') return runHere(inSegments(node, limit), given, scope);
  if (node.kind === 'map' && node.items.length > 1) return runLongMap(own, node, inPieces(node, limit), scope);
  // Groups and headers hand their members over; a call cannot be cut.
  return runHere(node, given, scope);
}
