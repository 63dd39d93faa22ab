/** Calls tasks of the catalogue and finds their runs. */
import { streamOptionsSchema, taskFilterSchema, knownIdSchema } from '../../contracts/tasks/schema.ts';
import { isQueue } from '../../contracts/register.schema.ts';
import { PRIORITY_NORMAL } from '../../contracts/queues/priorities.ts';
import { queueTable } from '../../contracts/queues/table.ts';
import { jobHandle } from '../connection/handles.ts';
import type { ClientContext } from '../domain.ts';
import type { Rpc } from '../connection/rpc.ts';
import { type AnyWorkflow, type PreparedCall, prepareCall } from './prepare-call.ts';
import { memberHandle } from './members.ts';
import { retryTask } from './retry.ts';
import { revokeMatching, revokeTask } from './revoke.ts';
import { streamedHandle } from './streamed-calls.ts';
import { describeTask } from './status.ts';
import { NotFound } from '../connection/errors.ts';
import { createCallStream } from './call-stream.ts';
import type { CallOptions } from './call-options.ts';
import type { TaskHandle, TaskJobs } from './types.ts';
import { requireSameContent, started } from '../connection/start-job.ts';
import { validate } from '../connection/validate.ts';
import { argumentsOf } from './arguments.ts';
import { requireExternal } from './external.ts';
import { requireExternalLinks } from './links.ts';
import { listTasks, pageOfTasks } from './listing.ts';

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
    execute: async ({ task: name, args, kwargs, ...given }) => {
      const task = requireExternal(name);
      requireExternalLinks(given);
      const { priority = PRIORITY_NORMAL, queue = 'default', region } = given;
      // Few workers serve a task with a residency, or in another language: it has their queue unless the caller names one.
      const isBound = task.residency !== undefined || task.language !== undefined;
      const placed = region !== undefined || (isBound && given.queue === undefined);
      const options = { ...given, priority, queue: placed ? given.queue : fullQueueName(queue) };
      const { call } = await start(task.name, argumentsOf(task, { args, kwargs }), options);
      const { id, region: chosen } = call;
      return { id, task: name, priority, queue: placed ? call.queue : queue, region: chosen?.region ?? null };
    },
    retry: async (id, options = {}) =>
      handle(await retryTask(rpc, settings.gate, validate(knownIdSchema, id, 'id'), options)),
    list: (filter = {}, options = {}) => listTasks(rpc, validate(taskFilterSchema, filter, 'filter'), options),
    page: (filter, options) => pageOfTasks(rpc, validate(taskFilterSchema, filter, 'filter'), options),
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

/** Accepts queue names of the OCR application, such as `default`, and full queue names. */
function fullQueueName(name: string): string {
  if (isQueue(name) || name.includes('@')) return name;
  const row = queueTable.find(({ source }) => source?.name === `ocr-backend.${name}` || source?.name === name);
  return row?.queue ?? name;
}
