/** Calls with links, which run as a canvas with one call, so that the canvas interpreter executes links and error callbacks. */
import { withFields } from '../connection/faults.ts';
import { parseSignature } from '../../canvas/signature/parse.ts';
import { UNCOMPENSATED_CALLBACK } from '../../canvas/signature/parse-options.ts';
import type { ParsePolicy } from '../../canvas/signature/policy.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import type { CallFacts } from '../../contracts/tasks/calls.ts';
import type { AnyTask } from '../../contracts/catalogue.ts';
import { activityQueues, findTask, sealsInput } from '../../contracts/register.schema.ts';
import { markArguments } from '../../canvas/signature/mark-arguments.ts';
import { argumentsFor } from '../../canvas/signature/task-input.ts';
import type { CallOptions } from './call-options.ts';
import { requireExternal } from './external.ts';
import type { RunCanvasInput } from '../../workflows/canvas/run-input.ts';

/** Callbacks for the success and for the final failure of a task. */
export interface Links {
  readonly link: readonly Signature[];
  readonly linkError: readonly Signature[];
}

/**
 * Parses one link or several.
 *
 * @returns `undefined` when there are none
 * @throws InvalidInput with the path of the fault as its field
 */
export function parseLinks(link: unknown, linkError: unknown, nowMs: number): Links | undefined {
  const errbacks = { nowMs, uncompensated: UNCOMPENSATED_CALLBACK };
  const links = { link: parseList(link, { nowMs }), linkError: parseList(linkError, errbacks) };
  return links.link.length + links.linkError.length === 0 ? undefined : links;
}

function parseList(given: unknown, policy: ParsePolicy): readonly Signature[] {
  if (given === undefined) return [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const served: readonly string[] = activityQueues();
  const checks: ParsePolicy = {
    knowsTask: (name) => findTask(name) !== undefined,
    knowsQueue: (name) => served.includes(name),
    ...policy,
  };
  return withFields(() => list.map((one) => markArguments(parseSignature(one, checks), sealsInput)));
}

/** Refuses links to tasks that may not be started by name from outside. @throws NotExternal, PerennialError `UnknownTask` */
export function requireExternalLinks({ link, linkError }: Pick<CallOptions, 'link' | 'linkError'>): void {
  const knowsTask = (name: string): boolean => requireExternal(name).external === true;
  for (const given of [link, linkError]) parseList(given, { knowsTask, nowMs: 0 });
}

/** Workflow of a call with links, and its argument. */
export interface LinkedStart {
  readonly workflow: string;
  readonly args: [RunCanvasInput];
}

/** Makes the start of a call as a canvas with one call, which has the id of the run. */
export function linkedStart(
  task: AnyTask,
  input: unknown,
  facts: CallFacts,
  { id, ...links }: Links & { readonly id: string },
): LinkedStart {
  const { queue, softMs, hardMs, expiresAt, headers, ignoreResult, tenant, limits, parkMs } = facts;
  const options = {
    task_id: id,
    link: links.link,
    link_error: links.linkError,
    queue,
    soft_time_limit: softMs === undefined ? undefined : softMs / 1000,
    time_limit: hardMs === undefined ? undefined : hardMs / 1000,
    expires: expiresAt,
    headers,
    ignore_result: ignoreResult,
    limits,
  };
  const canvas: Signature = {
    task: task.name,
    ...argumentsFor(input),
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    subtask_type: null,
    immutable: false,
  };
  const forRun = Object.entries({ tenant, parkMs }).filter(([, value]) => value !== undefined);
  return { workflow: canvasWorkflows.runCanvas, args: [{ canvas, ...Object.fromEntries(forRun) }] };
}
