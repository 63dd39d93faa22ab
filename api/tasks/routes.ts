/** Routes of single tasks: call by name, read, list, retry and revoke. */
import type { ApiDomain } from '../domain.ts';
import { defineRoute } from '../http/route.ts';
import { z } from 'zod';
import { idOrKey } from '../http/idempotency.ts';
import { getWorkerContract } from './contracts.ts';
import { changesOf, EVENT_ANSWERS, sendStates } from '../http/event-stream.ts';
import { sendPage } from '../http/paging.ts';
import { taskComponents } from './components.ts';
import { statusSoon } from './status.ts';
import {
  executeBody,
  executedRegionalSchema,
  executedSchema,
  executeRegionalBody,
  retriedSchema,
  retryBody,
  revokeBody,
  revokedManySchema,
  revokedSchema,
  revokeManyBody,
  startedTaskSchema,
  startTaskBody,
  taskInfoSchema,
  taskListSchema,
  taskParams,
  tasksQuery,
  waitQuery,
} from './schemas.ts';

const startTask = defineRoute({
  name: 'startTask',
  method: 'post',
  path: '/v1/tasks',
  summary:
    'Start a task by name with every option of a call; with ?wait=SECONDS the answer is its result if it ends in time',
  admin: true,
  query: waitQuery,
  body: startTaskBody,
  answers: {
    200: { description: 'It has ended in time', schema: taskInfoSchema },
    202: { description: 'Started', schema: startedTaskSchema },
  },
  errors: [403, 404, 409, 422],
  async handle({ services, query: { wait }, body, request, response, signal }) {
    const { tasks } = services.client;
    const started = await tasks.execute({ ...body, id: idOrKey(request, body.id) });
    services.logger.info({ task_id: started.id, task_name: started.task }, 'task started by name');
    response.location(`/v1/tasks/${encodeURIComponent(started.id)}`);
    const info = wait === 0 ? undefined : await statusSoon(tasks.get(started.id), wait, signal);
    if (info?.ready === true) response.json(info);
    else response.status(202).json(started);
  },
});

const executeTask = defineRoute({
  name: 'executeTask',
  method: 'post',
  path: '/v1/tasks/execute',
  summary: "Start a task by name, with the field names of Celery's applications",
  admin: true,
  body: executeBody,
  answers: { 202: { description: 'Started', schema: executedSchema } },
  errors: [403, 404, 409, 422],
  async handle({ services, body, request, response }) {
    const { task_name, key: idempotencyKey, on_failure: onFailure, parked_for: parkedFor, ...call } = body;
    const id = idOrKey(request, undefined);
    const given = { task: task_name, ...call, id, idempotencyKey, onFailure, parkedFor };
    const started = await services.client.tasks.execute(given);
    services.logger.info({ task_id: started.id, task_name }, 'task started by name');
    response
      .status(202)
      .location(`/v1/tasks/${encodeURIComponent(started.id)}`)
      .json({ task_id: started.id, task_name, priority: started.priority, queue: started.queue });
  },
});

const executeRegional = defineRoute({
  name: 'executeRegionalTask',
  method: 'post',
  path: '/v1/tasks/execute-regional',
  summary: "Start a task by name in a region, with the field names of Celery's applications",
  admin: true,
  body: executeRegionalBody,
  answers: {
    202: { description: 'Started; the answer names the region it really goes to', schema: executedRegionalSchema },
  },
  errors: [403, 404, 409, 422],
  async handle({ services, body: { task_name, ...call }, request, response }) {
    const given = { task: task_name, ...call, id: idOrKey(request, undefined) };
    const { id, region } = await services.client.tasks.execute(given);
    response
      .status(202)
      .location(`/v1/tasks/${encodeURIComponent(id)}`)
      .json({ task_id: id, region });
  },
});

const listTasks = defineRoute({
  name: 'listTasks',
  method: 'get',
  path: '/v1/tasks',
  summary: 'Tasks, newest first; by task, tenant, tag or root',
  query: tasksQuery,
  answers: { 200: { description: 'Tasks', schema: taskListSchema } },
  async handle({ services, query, request, response }) {
    const { limit, cursor: _cursor, system, ...filter } = query;
    await sendPage({ request, response, query }, z.string(), async (cursor) => {
      const page = await services.client.tasks.page(filter, { limit, cursor, system: system === 'true' });
      return { items: page.items, next: page.nextCursor };
    });
  },
});

const revokeTasks = defineRoute({
  name: 'revokeTasks',
  method: 'post',
  path: '/v1/tasks/revoke',
  summary: 'Revoke every task under way that matches',
  admin: true,
  body: revokeManyBody,
  answers: { 200: { description: 'Revoked', schema: revokedManySchema } },
  async handle({ services, body: { terminate, ...filter }, response }) {
    const revoked = await services.client.tasks.revoke(filter, { terminate });
    services.logger.info({ filter, terminate, matched: revoked.matched }, 'tasks revoked');
    response.json(revoked);
  },
});

const getTask = defineRoute({
  name: 'getTask',
  method: 'get',
  path: '/v1/tasks/:id',
  summary: 'Where a task stands; with ?wait=SECONDS once it has ended, or after that time',
  params: taskParams,
  query: waitQuery,
  answers: { 200: { description: 'State, result, traceback and what else is known', schema: taskInfoSchema } },
  errors: [404],
  async handle({ services, params, query: { wait }, response, signal }) {
    response.json(await statusSoon(services.client.tasks.get(params.id), wait, signal));
  },
});

const taskEvents = defineRoute({
  name: 'watchTask',
  method: 'get',
  path: '/v1/tasks/:id/events',
  summary: 'Server-sent events: `state` with where the task stands whenever it changes, then one `end`',
  params: taskParams,
  answers: EVENT_ANSWERS,
  errors: [404, 429],
  async handle({ services, params, request, response, signal }) {
    const task = services.client.tasks.get(params.id);
    const read = () => task.status();
    await sendStates(
      { services, request, response, signal },
      {
        event: 'state',
        require: read,
        states: (until, intervalMs) => changesOf({ read, isOver: ({ ready }) => ready, signal: until, intervalMs }),
        end: async () => ({ state: (await read()).state }),
      },
    );
  },
});

const revokeTask = defineRoute({
  name: 'revokeTask',
  method: 'post',
  path: '/v1/tasks/:id/revoke',
  summary: 'Revoke a task',
  admin: true,
  params: taskParams,
  body: revokeBody,
  answers: { 200: { description: 'Revoked', schema: revokedSchema } },
  errors: [404, 409],
  async handle({ services, params, body, response }) {
    const revoked = await services.client.tasks.get(params.id).revoke(body);
    services.logger.info({ task_id: params.id, terminate: body.terminate }, 'task revoked');
    response.json(revoked);
  },
});

const retryTask = defineRoute({
  name: 'retryTask',
  method: 'post',
  path: '/v1/tasks/:id/retry',
  summary: 'Run a task that failed or was revoked again; for the same run it is the same repetition',
  admin: true,
  params: taskParams,
  body: retryBody,
  answers: { 202: { description: 'Started', schema: retriedSchema } },
  errors: [404, 409],
  async handle({ services, params, body, response }) {
    const task = await services.client.tasks.retry(params.id, { ...body, externalOnly: true });
    services.logger.info({ task_id: params.id, repeated_as: task.id, replaced: 'input' in body }, 'task run again');
    response
      .status(202)
      .location(`/v1/tasks/${encodeURIComponent(task.id)}`)
      .json({ task_id: task.id, retry_of: params.id });
  },
});

/** The routes of tasks. Fixed paths stand before paths with an id, because the first match answers. */
export const tasks: ApiDomain = {
  tag: 'tasks',
  components: taskComponents,
  routes: [
    getWorkerContract,
    startTask,
    executeTask,
    executeRegional,
    listTasks,
    revokeTasks,
    getTask,
    taskEvents,
    revokeTask,
    retryTask,
  ],
};
