/** Which calls may be made right behind another in the same worker: those that wait for nothing but its result. */
import type { CallNode, ChordNode, MapNode, Node } from '../model/nodes.ts';
import type { CanvasRuntime } from './runtime.ts';
import type { Scope } from '../model/scope.ts';
import type { CallLookahead, CallRequest, JoinLookahead } from '../model/request.ts';

/** Fixes the ids of steps beforehand, so that whoever looks ahead knows them. */
export function withStepIds(runtime: CanvasRuntime, steps: readonly Node[]): readonly Node[] {
  if (runtime.mayFollow === undefined) return steps;
  return steps.map((step) => (step.kind === 'call' && step.id === undefined ? { ...step, id: runtime.newId() } : step));
}

/** The steps of a chain behind the one at `index`, as far as nothing but calls of the same kind follow. */
export function stepLookahead(
  runtime: CanvasRuntime,
  steps: readonly Node[],
  index: number,
  { inside }: Pick<Scope, 'inside'>,
): readonly CallLookahead[] {
  const found: CallLookahead[] = [];
  const first = steps[index];
  // Of a chain that is oversized, later steps belong to another run.
  if (inside !== true || runtime.mayFollow === undefined || first?.kind !== 'call' || !startsAtOnce(first))
    return found;
  let before = first;
  for (const next of steps.slice(index + 1)) {
    if (!follows(runtime, before, next)) break;
    const { id, task, args, kwargs, options, path, immutable } = next;
    found.push({ id, task, args, kwargs, options, path, immutable });
    before = next;
  }
  return found;
}

function follows(runtime: CanvasRuntime, before: CallNode, next: Node): next is CallNode & { readonly id: string } {
  // A link is called beside the step that follows: not after it.
  if (next.kind !== 'call' || next.id === undefined || before.links.length > 0) return false;
  return startsAtOnce(next) && runtime.mayFollow?.(before, next) === true && runtime.known?.(next.path) === undefined;
}

/**
 * The body of a chord, where it may be made right behind its header: all of them
 * are calls of one kind, and the body waits for nothing but their results.
 *
 * @param id - of the header
 */
export function bodyLookahead(
  runtime: CanvasRuntime,
  { header, body, join }: ChordNode,
  { inside }: Pick<Scope, 'inside'>,
  id: string,
): JoinLookahead | undefined {
  const [first] = header;
  if (inside !== true || join !== undefined) return undefined;
  if (first?.kind !== 'call' || body.kind !== 'call') return undefined;
  const fits = (node: Node): boolean =>
    node.kind === 'call' &&
    startsAtOnce(node) &&
    runtime.mayFollow?.(first, node) === true &&
    runtime.known?.(node.path) === undefined;
  if (![...header, body].every(fits)) return undefined;
  const { task, args, kwargs, options, path, immutable } = body;
  const lookahead = { id: body.id ?? runtime.newId(), task, args, kwargs, options, path, immutable };
  return { id, count: header.length, body: lookahead };
}

/** The items of a map behind the first. */
export function itemLookahead(
  runtime: CanvasRuntime,
  { task: { task, options: own = {} }, items, options }: MapNode,
  requestOf: (index: number) => CallRequest,
): readonly CallLookahead[] | undefined {
  const call = { task, options: { ...own, ...options } };
  if (!startsAtOnce(call) || runtime.mayFollow?.(call, call) !== true) return undefined;
  const lookahead = items.slice(1).map((_, index) => ({ ...requestOf(index + 1), immutable: true }));
  const known = lookahead.findIndex(({ path }) => runtime.known?.(path) !== undefined);
  return known < 0 ? lookahead : lookahead.slice(0, known);
}

/** A delay or an expiry is the engine's to keep. */
function startsAtOnce({ options }: Pick<CallNode, 'options'>): boolean {
  return [options.countdown, options.eta, options.expires].every((time) => time === null || time === undefined);
}
