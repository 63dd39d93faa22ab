/** Runs chains. */
import type { ChainNode } from '../model/nodes.ts';
import type { Given, NodeEnd, RunNode, Scope } from '../model/scope.ts';
import { stepLookahead, withStepIds } from './lookahead.ts';
import type { CanvasRuntime } from './runtime.ts';

/** Steps one after the other; the first failure ends the chain. */
export async function runChain(
  runtime: CanvasRuntime,
  run: RunNode,
  node: ChainNode,
  { given, scope }: { readonly given: Given; readonly scope: Scope },
): Promise<NodeEnd> {
  const steps = withStepIds(runtime, node.steps);
  let ended: NodeEnd = { outcome: { ok: true, value: null }, taskId: scope.parentId, rootId: scope.rootId };
  let covered = 0;
  for (const [index, step] of steps.entries()) {
    const last = index === steps.length - 1;
    const lookahead = index < covered ? [] : stepLookahead(runtime, steps, index, scope);
    covered = Math.max(covered, index + 1 + lookahead.length);
    ended = await run(step, index === 0 ? given : resultOf(ended), {
      rootId: ended.rootId,
      parentId: index === 0 ? scope.parentId : ended.taskId,
      group: last ? scope.group : null,
      chord: last ? scope.chord : null,
      onPath: scope.onPath,
      inChain: true,
      inside: scope.inside,
      sentAt: index === 0 ? scope.sentAt : undefined,
      lookahead,
    });
    if (!ended.outcome.ok) return last ? ended : untold(ended);
  }
  return ended;
}

/** Later steps of the chain fail as well: for whoever waits for the last of them that is a failure nobody was told of. */
function untold(ended: NodeEnd): NodeEnd {
  if (ended.outcome.ok) return ended;
  const { told: _told, ...failure } = ended.outcome.failure;
  return { ...ended, outcome: { ok: false, failure } };
}

function resultOf({ outcome }: NodeEnd): Given {
  return { args: outcome.ok ? [outcome.value] : [], kwargs: {} };
}
