/** Outcomes of an earlier run that belong to some parts of a canvas. */
import type { CanvasKnown } from '../../contracts/canvas/views.ts';
import { branchesOf } from '../plan/branches.ts';
import type { Node } from '../model/nodes.ts';

/** Known outcomes of calls in some nodes and of the canvases that these started; `undefined` where there are none. */
export function knownIn(
  nodes: readonly Node[],
  known: readonly CanvasKnown[] | undefined,
): readonly CanvasKnown[] | undefined {
  if (known === undefined || known.length === 0) return undefined;
  const paths = new Set<string>();
  for (const node of nodes) addPaths(paths, node);
  const own = known.filter(({ path }) => isWithin(path, paths));
  return own.length === 0 ? undefined : own;
}

function addPaths(paths: Set<string>, node: Node): void {
  paths.add(node.path);
  // The items of a map stand below its own path.
  if (node.kind === 'map') return;
  const { size, slice } = branchesOf(node);
  for (const branch of slice(0, size)) addPaths(paths, branch.node);
}

function isWithin(path: string, paths: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1))
    if (paths.has(path.slice(0, end))) return true;
  return false;
}
