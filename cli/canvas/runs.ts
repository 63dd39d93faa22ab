import type { CanvasView } from '../../client/index.ts';
import type { CanvasTreeNode, CanvasTreeQuery } from '../../contracts/canvas/views.ts';
import { starting, withServices, type CliContext } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { parkedLine } from '../parked/commands.ts';
import { duration, factsTable, print, printable, printJson } from '../terminal/output.ts';

interface JsonOption {
  readonly json?: boolean;
}

/** `perennial canvas status`: shows the progress of a run. */
export function canvasStatus(context: CliContext, id: string, { json = false }: JsonOption): Promise<number> {
  return withServices(context, async ({ client }) => {
    const view = { ...(await client.canvas.progress(id)), id };
    const failed = await client.canvas.failedMembers(id, { limit: SHOWN_FAILURES });
    const running = view.status === 'running';
    const { steps: parked } = running ? await client.parked.get(client.canvas.get(id).id) : { steps: [] };
    if (json) printJson(context, { ...view, parked, failures: failed });
    else {
      print(context, factsTable(factsOf(view)));
      for (const step of parked.slice(0, SHOWN_FAILURES)) print(context, printable(`  ${parkedLine(step)}`));
      for (const { path, task, type, message } of failed)
        print(context, printable(`  ${path} ${task}: ${type}: ${message}`));
    }
    return view.status === 'running' || view.status === 'completed' ? exitCodes.ok : exitCodes.failed;
  });
}

/** Most failures that the status lists; `canvas tree` shows all. */
const SHOWN_FAILURES = 20;

function factsOf(view: CanvasView): Readonly<Record<string, string | number | null>> {
  const { id, status, total, remainingMs, startedAt, retryOf } = view;
  const states = ['waiting', 'running', 'retrying', 'succeeded', 'failed', 'revoked', 'replaced', 'skipped'] as const;
  return {
    run: id,
    status,
    'repeats the failed members of': retryOf,
    started: startedAt,
    calls: total,
    ...Object.fromEntries(states.filter((state) => view[state] > 0).map((state) => [state, view[state]])),
    'taken over': view.kept === 0 ? null : view.kept,
    left: status !== 'running' || remainingMs === null ? null : `about ${duration(remainingMs)}`,
  };
}

/** Options of `perennial canvas tree`. */
export type TreeOptions = JsonOption & Pick<CanvasTreeQuery, 'path' | 'depth' | 'after' | 'limit'>;

/** `perennial canvas tree`: shows each call with its state, attempts and times. */
export function canvasTree(context: CliContext, id: string, { json = false, ...query }: TreeOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    const tree = await client.canvas.tree(id, query);
    if (json) printJson(context, tree);
    else for (const line of linesOf(tree, 0)) print(context, line);
    return exitCodes.ok;
  });
}

function linesOf(node: CanvasTreeNode, level: number): readonly string[] {
  const { children = [], next, size, path } = node;
  const more =
    size === undefined || next === undefined
      ? []
      : [`${'  '.repeat(level + 1)}… ${size - next} more: --path ${path} --after ${next}`];
  const below = children.flatMap((child) => linesOf(child, level + 1));
  const closed =
    children.length === 0 && size !== undefined && next === undefined
      ? [`${'  '.repeat(level + 1)}… ${size} below: --path ${path}`]
      : [];
  return [`${'  '.repeat(level)}${lineOf(node)}`, ...below, ...more, ...closed];
}

/** Formats one call, for example `root/0 samples.add: retrying, attempt 2, waited 20 ms, next in …`. */
function lineOf({
  kind,
  path,
  task,
  state,
  attempts,
  queueWaitMs,
  runMs,
  backoffMs,
  failure,
  kept,
  part,
}: CanvasTreeNode): string {
  const parts = [
    `${path} ${task ?? kind}: ${state}`,
    kept === true ? 'taken over' : '',
    part === undefined ? '' : `in ${part}`,
    attempts === undefined || attempts < 2 ? '' : `${attempts} attempts`,
    queueWaitMs === undefined ? '' : `waited ${queueWaitMs} ms`,
    runMs === undefined ? '' : `ran ${runMs} ms`,
    backoffMs === undefined ? '' : `again after ${backoffMs} ms`,
    failure === undefined ? '' : `${failure.type}: ${failure.message}`,
  ];
  return printable(parts.filter((part) => part !== '').join(', '));
}

/** `perennial canvas cancel`: stops a run and aborts its running calls. */
export function cancelCanvas(context: CliContext, id: string, { json = false }: JsonOption): Promise<number> {
  return withServices(context, async ({ client }) => {
    await client.canvas.cancel(id);
    if (json) printJson(context, { id });
    else print(context, `Cancelling ${id}`);
    return exitCodes.ok;
  });
}

/** `perennial canvas revoke`: stops the calls at and below a path. */
export function revokeCalls(
  context: CliContext,
  id: string,
  path: string,
  { json = false }: JsonOption,
): Promise<number> {
  return withServices(context, async ({ client }) => {
    const revoked = await client.canvas.revoke(id, path);
    if (json) printJson(context, revoked);
    else print(context, `Revoked ${path}; ${revoked.calls} calls were under way`);
    return exitCodes.ok;
  });
}

/** `perennial canvas retry`: runs the failed members of a run again. */
export function retryCanvas(
  context: CliContext,
  id: string,
  { json = false, wait = false }: JsonOption & { readonly wait?: boolean },
): Promise<number> {
  return withServices(context, async ({ client }) => {
    const run = await starting(client.canvas.retryFailed(id));
    const result = wait ? { result: await run.result({ signal: context.signal }) } : {};
    if (json) printJson(context, { id: run.id, ...result });
    else {
      print(context, `Started ${run.id}`);
      if (wait) printJson(context, result.result);
    }
    return exitCodes.ok;
  });
}
