/** Routes of housekeeping: run a task, and read the result of a run. */
import { idOfKey } from '../http/idempotency.ts';
import { resultSoon } from '../http/patience.ts';
import type { ApiDomain } from '../domain.ts';
import { defineRoute } from '../http/route.ts';
import { housekeepingComponents } from './components.ts';
import { inputBody, runParams, runSchema, startedRunSchema, taskParams } from './schemas.ts';

const runTask = defineRoute({
  name: 'runHousekeeping',
  method: 'post',
  path: '/v1/housekeeping/:task',
  summary: 'Clean up, back up or look after the installation now; `Prefer: respond-async` answers at once',
  admin: true,
  params: taskParams,
  body: inputBody,
  answers: {
    200: { description: 'Done: what was freed, or would be in a dry run', schema: runSchema },
    202: { description: 'Still at work: GET the address in Location later', schema: startedRunSchema },
  },
  errors: [404],
  async handle({ services, params, body, request, response, signal }) {
    const job = await services.client.housekeeping.runNamed(params.task, body, { id: idOfKey(request) });
    response.location(`/v1/housekeeping/runs/${job.id}`);
    const result = await resultSoon(job, { request, waitMs: services.settings.waitMs, signal });
    if (result === undefined) response.status(202).json({ id: job.id, status: 'running' });
    else response.json({ id: job.id, status: 'completed', result });
  },
});

const getRun = defineRoute({
  name: 'getHousekeepingRun',
  method: 'get',
  path: '/v1/housekeeping/runs/:id',
  summary: 'What became of a run of housekeeping',
  admin: true,
  params: runParams,
  answers: { 200: { description: 'The run', schema: runSchema } },
  errors: [404],
  async handle({ services, params, response, signal }) {
    const job = services.client.housekeeping.get(params.id);
    const status = await job.status();
    if (status === 'running') response.json({ id: job.id, status });
    else response.json({ id: job.id, status, result: await job.result({ signal }) });
  },
});

/** The routes of housekeeping. */
export const housekeeping: ApiDomain = {
  tag: 'housekeeping',
  components: housekeepingComponents,
  routes: [runTask, getRun],
};
