import type { CallOptions, TaskHandle, TaskInfo } from '../../client/index.ts';
import type { OnFailure } from '../../contracts/parked/vocabulary.ts';
import type { TaskFilter } from '../../contracts/tasks/schema.ts';
import { allTasks, findTask } from '../../contracts/register.schema.ts';
import { priorityBand } from '../../contracts/queues/priorities.ts';
import { queueLimits } from '../../contracts/tasks/time-limits.ts';
import { routeByName, routeTask, routingKeys, type RoutingOptions } from '../../contracts/queues/routing.ts';
import { starting, UsageError, withServices, type CliContext } from '../terminal/context.ts';
import { jsonArgument } from '../terminal/json.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { factsTable, note, print, printable, printJson, printList } from '../terminal/output.ts';

/** Options of `perennial tasks call`. */
export interface CallCommandOptions {
  readonly input?: string;
  readonly id?: string;
  readonly key?: string;
  readonly countdown?: number;
  readonly eta?: string;
  readonly expires?: number;
  readonly priority?: number;
  readonly queue?: string;
  readonly region?: string;
  readonly tenant?: string;
  readonly tag?: readonly string[];
  readonly softLimit?: number;
  readonly hardLimit?: number;
  readonly ignoreResult?: boolean;
  readonly onFailure?: OnFailure;
  readonly parkedFor?: number;
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** `perennial tasks names`: lists the tasks that can be called. */
export async function taskNames(context: CliContext): Promise<number> {
  await context.openApplication();
  printList(context, {
    rows: allTasks().map(({ name, queue, purpose }) => ({ name, queue, purpose })),
    head: ['task', 'queue', 'purpose'],
    cells: ({ name, queue, purpose }) => [name, queue, purpose],
  });
  return exitCodes.ok;
}

/** `perennial tasks route`: shows queue, priority and limits of a task, also by its name in a Celery application. */
export async function routeOf(
  context: CliContext,
  name: string,
  { json = false, ...routing }: RoutingOptions & { json?: boolean },
): Promise<number> {
  await context.openApplication();
  const task = findTask(name);
  const route = task === undefined ? routeByName(name, routing) : routeTask(task, {}, routing);
  const { softMs, hardMs } = task?.limits ?? queueLimits(route.queue);
  const facts = {
    ...route,
    band: priorityBand(route.priority),
    routing_key: routingKeys[route.queue] ?? null,
    soft_s: softMs / 1000,
    hard_s: hardMs / 1000,
  };
  if (json) printJson(context, facts);
  else print(context, factsTable(facts));
  return exitCodes.ok;
}

/** `perennial tasks call`: starts one task. */
export async function callTask(context: CliContext, name: string, options: CallCommandOptions): Promise<number> {
  const input = await jsonArgument(context, options.input ?? '{}');
  return withServices(context, async ({ client }) => {
    const task = await starting(client.tasks.call(name, input, callOptions(options)));
    return started(context, task, options);
  });
}

async function started(
  context: CliContext,
  task: TaskHandle<unknown>,
  { wait = false, json = false }: { readonly wait?: boolean; readonly json?: boolean },
): Promise<number> {
  if (wait) return waitFor(context, task, json);
  if (json) printJson(context, { task_id: task.id });
  else print(context, task.id);
  return exitCodes.ok;
}

function callOptions(given: CallCommandOptions): CallOptions {
  return {
    id: given.id,
    idempotencyKey: given.key,
    countdown: given.countdown,
    eta: given.eta,
    expires: given.expires,
    priority: given.priority,
    queue: given.queue,
    region: given.region,
    tenant: given.tenant,
    tags: given.tag,
    softTimeLimit: given.softLimit,
    hardTimeLimit: given.hardLimit,
    ignoreResult: given.ignoreResult,
    onFailure: given.onFailure,
    parkedFor: given.parkedFor,
  };
}

async function waitFor(context: CliContext, task: TaskHandle<unknown>, json: boolean): Promise<number> {
  note(context, `waiting for ${task.id}`);
  await task.result({ signal: context.signal }).catch(() => undefined);
  return showTask(context, await task.status(), json);
}

function showTask(context: CliContext, info: TaskInfo, json: boolean): number {
  if (json) printJson(context, info);
  else print(context, factsTable(taskFacts(info)));
  return info.failed === true || info.state === 'REVOKED' ? exitCodes.failed : exitCodes.ok;
}

function taskFacts(info: TaskInfo): Readonly<Record<string, string | null>> {
  const text = (value: unknown): string | null => (value === null ? null : printable(JSON.stringify(value)));
  return {
    task: info.task_id,
    name: info.task_name,
    state: info.state,
    tenant: info.tenant,
    result: text(info.result),
    info: info.state === 'SUCCESS' ? null : text(info.info),
  };
}

/** `perennial tasks status`: shows the state of a task. */
export function taskStatus(context: CliContext, id: string, { json = false }: { json?: boolean }): Promise<number> {
  return withServices(context, async ({ client }) => showTask(context, await client.tasks.get(id).status(), json));
}

/** `perennial tasks result`: waits for a task and prints its result as JSON. */
export function taskResult(context: CliContext, id: string): Promise<number> {
  return withServices(context, async ({ client }) => {
    printJson(context, (await client.tasks.get(id).result({ signal: context.signal })) ?? null);
    return exitCodes.ok;
  });
}

/** Options of `perennial tasks retry`. */
export interface RetryCommandOptions {
  readonly input?: string;
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** `perennial tasks retry`: runs a failed or revoked task again. */
export async function retryTask(context: CliContext, id: string, options: RetryCommandOptions): Promise<number> {
  const replaced = options.input === undefined ? {} : { input: await jsonArgument(context, options.input) };
  return withServices(context, async ({ client }) => {
    const task = await starting(client.tasks.retry(id, replaced));
    return started(context, task, options);
  });
}

/** Options that select tasks. */
export interface FilterOptions {
  readonly task?: string;
  readonly tenant?: string;
  readonly tag?: string;
  readonly root?: string;
  readonly json?: boolean;
}

function filterOf({ task, tenant, tag, root }: FilterOptions): TaskFilter {
  const filter = { task, tenant, tag, root };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** Options of `perennial tasks list`. */
export interface ListCommandOptions extends FilterOptions {
  readonly limit: number;
  readonly system?: boolean;
}

/** `perennial tasks list`: lists tasks, newest first. */
export function listTasks(context: CliContext, options: ListCommandOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    printList(context, {
      rows: await client.tasks.list(filterOf(options), { limit: options.limit, system: options.system }),
      head: ['task', 'name', 'state', 'tenant', 'started'],
      cells: (task) => [task.task_id, task.task_name ?? '', task.state, task.tenant ?? '', task.started_at],
    });
    return exitCodes.ok;
  });
}

/** `perennial tasks revoke`: revokes one task, or all tasks that match the filter. */
export function revokeTasks(
  context: CliContext,
  id: string | undefined,
  options: FilterOptions & { terminate?: boolean },
): Promise<number> {
  const filter = filterOf(options);
  const filtered = Object.keys(filter).length > 0;
  if ((id === undefined) !== filtered) {
    throw new UsageError('expected the id of a task, or one of --task, --tenant, --tag and --root, and not both');
  }
  return withServices(context, async ({ client }) => {
    const how = { terminate: options.terminate === true };
    const revoked = id === undefined ? await client.tasks.revoke(filter, how) : await client.tasks.get(id).revoke(how);
    if (options.json === true) printJson(context, revoked);
    else print(context, 'matched' in revoked ? `revoked ${revoked.matched} tasks` : `revoked ${revoked.task_id}`);
    return exitCodes.ok;
  });
}
