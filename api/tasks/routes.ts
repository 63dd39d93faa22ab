/** Routes of single tasks: call by name, read, list, retry and revoke. */
import type { ApiDomain } from '../domain.ts';
import { defineRoute } from '../http/route.ts';
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
  taskInfoSchema,
  taskListSchema,
  taskParams,
  tasksQuery,
} from './schemas.ts';

const executeTask = defineRoute({
  method: 'post',
  path: '/v1/tasks/execute',
  summary: 'Start a task by name',
  admin: true,
  body: executeBody,
  answers: { 202: { description: 'Started', schema: executedSchema } },
  errors: [404, 409],
  async handle({ services, body, response }) {
    const executed = await services.client.tasks.execute(body);
    services.logger.info({ task_id: executed.task_id, task_name: executed.task_name }, 'task started by name');
    response
      .status(202)
      .location(`/v1/tasks/${encodeURIComponent(executed.task_id)}`)
      .json(executed);
  },
});

const executeRegional = defineRoute({
  method: 'post',
  path: '/v1/tasks/execute-regional',
  summary: 'Start a task by name in a region',
  admin: true,
  body: executeRegionalBody,
  answers: {
    202: { description: 'Started; the answer names the region it really goes to', schema: executedRegionalSchema },
  },
  errors: [404, 409],
  async handle({ services, body, response }) {
    const executed = await services.client.tasks.executeRegional(body);
    const { task_id, region } = executed;
    if (region !== body.region)
      services.logger.warn({ task_id, requested: body.region, region }, `Unknown region ${body.region}, using default`);
    response
      .status(202)
      .location(`/v1/tasks/${encodeURIComponent(task_id)}`)
      .json(executed);
  },
});

const listTasks = defineRoute({
  method: 'get',
  path: '/v1/tasks',
  summary: 'Tasks, newest first; by task, tenant, tag or root',
  query: tasksQuery,
  answers: { 200: { description: 'Tasks', schema: taskListSchema } },
  async handle({ services, query: { limit, ...filter }, response }) {
    response.json({ tasks: await services.client.tasks.list(filter, { limit }) });
  },
});

const revokeTasks = defineRoute({
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
  method: 'get',
  path: '/v1/tasks/:id',
  summary: 'Where a task stands',
  params: taskParams,
  answers: { 200: { description: 'State, result, traceback and what else is known', schema: taskInfoSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await services.client.tasks.get(params.id).status());
  },
});

const revokeTask = defineRoute({
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
  routes: [executeTask, executeRegional, listTasks, revokeTasks, getTask, revokeTask, retryTask],
};
