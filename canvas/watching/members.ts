/** Finds one call of a run by its id, which those store who poll for its result. */
import type { CanvasFailedMember, CanvasMember } from '../../contracts/canvas/views.ts';
import { branchesOf } from '../plan/branches.ts';
import type { CallNode, MapNode, Node } from '../model/nodes.ts';
import { isShort } from './records.ts';
import { everyNode, type Found, handedAbove, type TrackerView, stateOf } from './tree.ts';
import type { Tracker } from './tracker.ts';

/** What is looked at of a tracker. */
type RunView = TrackerView & Pick<Tracker, 'failed'>;

/** Nodes with an id that a task has. */
type Single = CallNode | MapNode;

/**
 * Finds a call, or a map, which is one task.
 *
 * @returns `null` where the run has no such call
 */
export function memberOf(seen: RunView, id: string): CanvasMember | null {
  let found: Found | undefined;
  let replaced: string | undefined;
  // What takes the place of a call has its id and stands below it.
  for (const at of everyNode(seen)) {
    const { role, node } = at.branch;
    if (role === 'item' || !isSingle(node) || idOf(seen, node) !== id) continue;
    if (stateOf(seen, node, at.dead) === 'replaced') replaced = node.path;
    found = at;
  }
  return found === undefined ? null : viewOf(seen, found, replaced);
}

/** Yields the ids that a planned canvas gives to its calls and maps. */
export function* idsIn(node: Node): Generator<string> {
  if (isSingle(node)) {
    if (node.id !== undefined) yield node.id;
    return;
  }
  const { size, slice } = branchesOf(node);
  for (const branch of slice(0, size)) yield* idsIn(branch.node);
}

function isSingle(node: Node): node is Single {
  return node.kind === 'call' || node.kind === 'map';
}

/** A map without an id is given one when it begins, which its items tell. */
function idOf({ calls }: RunView, node: Single): string | undefined {
  const path = node.kind === 'map' ? `${node.path}/item/${String(node.first ?? 0)}` : node.path;
  const id = calls.get(path)?.id;
  return id === undefined || id === '' ? node.id : id;
}

function viewOf(seen: RunView, { branch, dead }: Found, replaced: string | undefined): CanvasMember {
  const node = branch.node as Single; // the caller has looked
  const { path } = node;
  const task = node.kind === 'map' ? (node.spread ? 'celery.starmap' : 'celery.map') : node.task;
  const state = stateOf(seen, node, dead);
  const handed = handedAbove(seen, path);
  const part = handed === undefined ? undefined : seen.elsewhere.get(handed);
  if (part !== undefined) return { path, task, state, part };
  const failure = failureOf(seen, node, state, replaced);
  return { path, task, state, ...(state === 'succeeded' ? valueOf(seen, node) : {}), ...(failure ? { failure } : {}) };
}

function valueOf({ calls, composites }: RunView, node: Single): Pick<CanvasMember, 'value'> {
  if (node.options.ignore_result === true) return { value: null };
  const record = (node.kind === 'map' ? composites : calls).get(node.path);
  return record !== undefined && 'value' in record && isShort(record.value) ? { value: record.value } : {};
}

/** The failure of a call itself, or of what kept it from running. */
function failureOf(
  seen: RunView,
  { path }: Single,
  state: CanvasMember['state'],
  replaced: string | undefined,
): CanvasMember['failure'] | undefined {
  const own = seen.calls.get(path)?.failure;
  if (own !== undefined) return own;
  if (state === 'failed') return causeIn(seen, path);
  if (state !== 'skipped') return undefined;
  const above = replaced ?? failedAbove(seen, path);
  return above === undefined ? undefined : causeIn(seen, above);
}

function failedAbove({ composites }: RunView, path: string): string | undefined {
  for (let at = path; at.includes('/');) {
    at = at.slice(0, at.lastIndexOf('/'));
    if (composites.get(at)?.state === 'failed') return at;
  }
  return undefined;
}

/** Failures that are looked at for the cause of another. */
const LOOKED_AT = 1000;

function causeIn({ failed }: RunView, above: string): CanvasMember['failure'] | undefined {
  const isCause = ({ path, state }: CanvasFailedMember): boolean =>
    state === 'failed' && (path === above || path.startsWith(`${above}/`));
  const cause = failed(0, LOOKED_AT).entries.find(isCause);
  return cause === undefined
    ? undefined
    : { type: cause.type, message: `${cause.message} (${cause.task} at ${cause.path})` };
}
