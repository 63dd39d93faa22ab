/** Calls tasks of the catalogue and finds their runs. */
import { streamOptionsSchema, taskFilterSchema, knownIdSchema } from '../../contracts/tasks/schema.ts';
import { isQueue } from '../../contracts/register.schema.ts';
import { searchAttributes, TASK_STATES, type TaskState } from '../../contracts/tasks/calls.ts';
import type { AnyTask } from '../../contracts/catalogue.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { PRIORITY_NORMAL } from '../../contracts/queues/priorities.ts';
import { queueTable } from '../../contracts/queues/table.ts';
import { jobHandle } from '../connection/handles.ts';
import type { ClientContext } from '../domain.ts';
import type { Rpc } from '../connection/rpc.ts';
import { type AnyWorkflow, type PreparedCall, prepareCall, requireTask } from './prepare-call.ts';
import { memberHandle } from './members.ts';
import { retryTask } from './retry.ts';
import { revokeMatching, revokeTask, taskQuery } from './revoke.ts';
import { streamedHandle } from './streamed-calls.ts';
import { describeTask, keywordOf, underWay } from './status.ts';
import { NotFound } from '../connection/errors.ts';
import { createCallStream } from './call-stream.ts';
import type { CallOptions, TaskHandle, TaskJobs, TaskSummary } from './types.ts';
import { requireSameContent, started } from '../connection/start-job.ts';
import { validate } from '../connection/validate.ts';
import { argumentsOf } from './arguments.ts';

/** Binds calls of tasks to a connection. */
export function createTaskJobs({
  rpc,
  ...settings
}: Pick<ClientContext, 'rpc' | 'priorityLevels' | 'gate' | 'warn'>): TaskJobs {
  const handle = <Result>(id: string): TaskHandle<Result> =>
    streamedHandle<Result>(rpc, id) ?? taskHandle(rpc, validate(knownIdSchema, id, 'id'));
  const prepare = async (name: string, input: unknown, options: CallOptions = {}): Promise<PreparedCall> => {
    const call = prepareCall(name, input, options, { ...settings, sealKeys: rpc.sealKeys, now: Date.now });
    if (call.region?.fallback === true)
      settings.warn(`Unknown region ${String(options.region)}, using ${call.region.region} for ${call.task.name}`);
    await settings.gate.requireOpen(call.queue);
    return call;
  };
  const start = async <Result>(name: string, input: unknown, options?: CallOptions): Promise<Started<Result>> => {
    const call = await prepare(name, input, options);
    await startCall(rpc, call);
    return { call, handle: handle<Result>(call.id) };
  };
  const alone = async (call: PreparedCall): Promise<TaskHandle<unknown>> => {
    await startCall(rpc, call);
    return handle(call.id);
  };
  return {
    get: handle,
    call: async (name, input, options) => (await start<unknown>(name, input, options)).handle,
    stream: (options = {}) =>
      createCallStream(rpc, { prepare, alone }, validate(streamOptionsSchema, options, 'options')),
    execute: async (request) => {
      const task = requireExternal(request.task_name);
      const input = argumentsOf(task, request);
      const { priority = PRIORITY_NORMAL, queue = 'default', countdown, eta, expires, key } = request;
      // A task with a residency uses its regional queue unless the caller names a queue.
      const own = task.residency !== undefined && request.queue === undefined;
      const { call } = await start(task.name, input, {
        ...{ priority, countdown, eta, expires, idempotencyKey: key },
        ...(own ? {} : { queue: fullQueueName(queue) }),
      });
      return { task_id: call.id, task_name: request.task_name, priority, queue: own ? call.queue : queue };
    },
    executeRegional: async (request) => {
      const task = requireExternal(request.task_name);
      const { call } = await start(task.name, argumentsOf(task, request), { region: request.region });
      if (call.region === undefined) throw new TypeError('expected a regional call to have a region');
      return { task_id: call.id, region: call.region.region };
    },
    retry: async (id, options = {}) =>
      handle(await retryTask(rpc, settings.gate, validate(knownIdSchema, id, 'id'), options)),
    list: (filter = {}, { limit = 100 } = {}) => listTasks(rpc, validate(taskFilterSchema, filter, 'filter'), limit),
    revoke: (filter, options) => revokeMatching(rpc, filter, options),
  };
}

interface Started<Result> {
  readonly call: PreparedCall;
  readonly handle: TaskHandle<Result>;
}

/** A call of a canvas is no run, unless it has limits: it is looked for where no run has the id. */
function taskHandle<Result>(rpc: Rpc, id: string): TaskHandle<Result> {
  const member = memberHandle<Result>(rpc, id);
  return {
    id,
    result: (options) => orElse(jobHandle<Result>(rpc, id).result(options), () => member.result(options)),
    status: () => orElse(describeTask(rpc, id), () => member.status()),
    revoke: (options) => orElse(revokeTask(rpc, id, options), () => member.revoke(options)),
  };
}

async function orElse<T>(first: Promise<T>, second: () => Promise<T>): Promise<T> {
  try {
    return await first;
  } catch (error) {
    if (error instanceof NotFound) return await second();
    throw error;
  }
}

/** Starts a call, or joins the call with its id. @throws Conflict the id belongs to a call with other content */
async function startCall(rpc: Rpc, { id, fingerprint, workflow, start }: PreparedCall): Promise<void> {
  const fresh = await started(rpc, id, (client) => client.workflow.start<AnyWorkflow>(workflow, start));
  // The same id with the same content is the same call, also after its end.
  if (!fresh && fingerprint !== undefined) await requireSameContent(rpc, id, fingerprint);
}

/** Refuses a task that the catalogue does not allow to be started by name. */
function requireExternal(name: string): AnyTask {
  const task = requireTask(name);
  if (task.external === true) return task;
  throw new PerennialError('UnknownTask', `task_name: expected a task that may be started by name, got '${name}'`);
}

/** Accepts queue names of the OCR application, such as `default`, and full queue names. */
function fullQueueName(name: string): string {
  if (isQueue(name) || name.includes('@')) return name;
  const row = queueTable.find(({ source }) => source?.name === `ocr-backend.${name}` || source?.name === name);
  return row?.queue ?? name;
}

async function listTasks(
  rpc: Rpc,
  filter: ReturnType<typeof taskFilterSchema.parse>,
  limit: number,
): Promise<readonly TaskSummary[]> {
  const found: TaskSummary[] = [];
  const query = taskQuery(filter, false);
  // The SDK's iterator requests each page with a deadline of its own.
  for await (const execution of rpc.client.workflow.list({ query, pageSize: Math.min(limit, 1000) })) {
    found.push({
      task_id: execution.workflowId,
      task_name: keywordOf(execution, searchAttributes.task),
      tenant: keywordOf(execution, searchAttributes.tenant),
      state: stateOf(execution.status.name, keywordOf(execution, searchAttributes.state)),
      started_at: execution.startTime.toISOString(),
    });
    if (found.length >= limit) break;
  }
  for (let at = 0; at < found.length; at += LOOKS_AT_ONCE)
    found.splice(
      at,
      LOOKS_AT_ONCE,
      ...(await Promise.all(found.slice(at, at + LOOKS_AT_ONCE).map((task) => asItStands(rpc, task)))),
    );
  return found;
}

/** Runs that are described at once. */
const LOOKS_AT_ONCE = 20;

/** Replaces the indexed state by the actual one, because the index may not show that a worker has begun. */
async function asItStands(rpc: Rpc, task: TaskSummary): Promise<TaskSummary> {
  if (FINAL.has(task.state)) return task;
  try {
    const { status, raw } = await rpc.call(task.task_id, (client) =>
      client.workflow.getHandle(task.task_id).describe(),
    );
    // The run has ended meanwhile; the next list shows its state.
    return status.name === 'RUNNING' ? { ...task, state: (await underWay(rpc, raw)).state } : task;
  } catch (error) {
    if (error instanceof NotFound) return task;
    throw error;
  }
}

const FINAL: ReadonlySet<TaskState> = new Set(['SUCCESS', 'FAILURE', 'REVOKED']);

/** Prefers the server's status to the indexed state, which a terminated run could not update. */
function stateOf(status: string, indexed: string | null): TaskState {
  const state = TASK_STATES.find((one) => one === indexed) ?? 'PENDING';
  if (status === 'CANCELLED' || status === 'TERMINATED') return 'REVOKED';
  if (status === 'COMPLETED') return 'SUCCESS';
  return status === 'TIMED_OUT' || (status === 'FAILED' && state === 'PENDING') ? 'FAILURE' : state;
}
