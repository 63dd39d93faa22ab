/**
 * Pieces of the tree of a run. Only a part knows its nodes, so parts are queried level by level, a few for one answer; the
 * answer then ends with the position at which the next one begins.
 */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { canvasMessages } from '../../contracts/canvas/vocabulary.ts';
import type { CanvasNodesQuery, CanvasTreeNode, CanvasTreeQuery } from '../../contracts/canvas/views.ts';
import { ask, describe } from './queries.ts';
import { whileThere } from './part-runs.ts';
import { type RunTimes, summariesOf, timesOf, withTimes } from './times.ts';
import { NotFound } from '../connection/errors.ts';
import { statusOf } from '../connection/handles.ts';
import type { Rpc } from '../connection/rpc.ts';

/** Most parts that are queried for one answer; each costs a description, a history and a query for each level. */
const PARTS_ASKED = 4;

/** The same defaults as in the workflow. */
const DEFAULTS = { depth: 3, limit: 200 };

/** Answers a tree query by the run, or by the part that holds the node. @throws NotFound */
export async function pieceOf(rpc: Rpc, workflowId: string, query: CanvasTreeQuery): Promise<CanvasTreeNode> {
  const { path = 'root', depth = DEFAULTS.depth, limit = DEFAULTS.limit, after = 0 } = query;
  const description = await describe(rpc, workflowId);
  const tree = await ask<CanvasTreeNode | null>(rpc, description, canvasMessages.tree, query);
  if (tree === null) throw new NotFound(`${workflowId} ${path}`, 'node');
  const { part } = tree;
  if (part !== undefined) {
    const inside = await whileThere(() => pieceOf(rpc, part, query));
    if (inside !== undefined) return tree.path === path ? asSeen(tree, inside) : inside;
    if (tree.path !== path) throw new NotFound(`${workflowId} ${path}`, 'node');
  }
  const own = await runOf(rpc, description);
  const answer: Answer = { rpc, asked: new Map(), seen: new Map(), left: limit - sizeOf(tree) };
  const shown = finished(tree, own);
  await askParts(answer, [shown], depth);
  return joined(answer, shown, after);
}

/** A run whose nodes are shown, with its times and description. */
interface ShownRun {
  readonly description: WorkflowExecutionDescription;
  readonly times: RunTimes;
}

/** State while an answer is assembled. */
interface Answer {
  readonly rpc: Rpc;
  /** Parts by workflow id; `undefined` for one that does not exist yet or any more. */
  readonly asked: Map<string, ShownRun | undefined>;
  /** Nodes that parts have returned, by path; `null` where a part does not know the node. */
  readonly seen: Map<string, CanvasTreeNode | null>;
  /** Number of nodes that still fit. */
  left: number;
}

async function runOf(rpc: Rpc, description: WorkflowExecutionDescription): Promise<ShownRun> {
  const { workflowId, runId, raw } = description;
  const history = await rpc.call(workflowId, (client) => client.workflow.getHandle(workflowId, runId).fetchHistory());
  const summaries = await summariesOf(rpc, history);
  return {
    description,
    times: timesOf({ history, summaries, pending: raw.pendingActivities ?? [], nowMs: Date.now() }),
  };
}

/** Queries the parts of one level and of the levels below it. */
async function askParts(answer: Answer, level: readonly CanvasTreeNode[], depth: number): Promise<void> {
  for (let open = level; open.length > 0;) {
    for (const [part, paths] of pathsByPart(open)) await askPart(answer, part, { paths, depth });
    // A part may have given a node to a nested part.
    open = open.flatMap(({ path, part }) => {
      const told = answer.seen.get(path);
      return told?.part === undefined || told.part === part ? [] : [told];
    });
  }
  const below = level.flatMap((node) => (answer.seen.get(node.path) ?? node).children ?? []);
  if (below.length > 0) await askParts(answer, below, depth - 1);
}

function pathsByPart(nodes: readonly CanvasTreeNode[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { path, part } of nodes) {
    if (part === undefined) continue;
    const paths = found.get(part);
    if (paths === undefined) found.set(part, [path]);
    else paths.push(path);
  }
  return found;
}

async function askPart(
  answer: Answer,
  part: string,
  { paths, depth }: Pick<CanvasNodesQuery, 'paths' | 'depth'>,
): Promise<void> {
  if (!answer.asked.has(part) && answer.asked.size >= PARTS_ASKED) return;
  const query: CanvasNodesQuery = { paths, depth, limit: paths.length + Math.max(0, answer.left) };
  const run = await partOf(answer, part);
  const told =
    run === undefined
      ? paths.map(() => null)
      : await ask<readonly (CanvasTreeNode | null)[]>(answer.rpc, run.description, canvasMessages.nodes, query);
  for (const [at, node] of told.entries()) {
    const path = paths[at] ?? '';
    if (node !== null) answer.left -= sizeOf(node) - 1;
    answer.seen.set(path, node === null || run === undefined ? null : finished(node, run));
  }
}

async function partOf({ rpc, asked }: Answer, part: string): Promise<ShownRun | undefined> {
  if (!asked.has(part)) asked.set(part, await whileThere(async () => runOf(rpc, await describe(rpc, part))));
  return asked.get(part);
}

/** Assembles the nodes; the list of children ends where no further part may be queried. */
function joined(answer: Answer, node: CanvasTreeNode, after = 0): CanvasTreeNode {
  const told = answer.seen.get(node.path);
  const { children, ...shown } = told ? asSeen(node, told) : node;
  if (children === undefined) return shown;
  const unknown = children.findIndex(({ path, part }) => part !== undefined && !answer.seen.has(path));
  const known = (unknown < 0 ? children : children.slice(0, unknown)).map((child) => joined(answer, child));
  return {
    ...shown,
    ...(known.length === 0 ? {} : { children: known }),
    ...(unknown < 0 ? {} : { next: after + unknown }),
  };
}

/** Adds role and part, which the part itself does not know. */
function asSeen({ role, part }: CanvasTreeNode, told: CanvasTreeNode): CanvasTreeNode {
  return { ...told, role, ...(part === undefined ? {} : { part: told.part ?? part }) };
}

/** Marks running nodes as ended when their run has ended without updating them. */
function finished(node: CanvasTreeNode, { description, times }: ShownRun): CanvasTreeNode {
  const timed = withTimes(node, times);
  return statusOf(description) === 'running' ? timed : atRest(timed);
}

function atRest(node: CanvasTreeNode): CanvasTreeNode {
  const { state, children } = node;
  const rest = state === 'waiting' ? 'skipped' : state === 'running' || state === 'retrying' ? 'revoked' : state;
  return { ...node, state: rest, ...(children === undefined ? {} : { children: children.map(atRest) }) };
}

function sizeOf({ children = [] }: CanvasTreeNode): number {
  return children.reduce((sum, child) => sum + sizeOf(child), 1);
}
