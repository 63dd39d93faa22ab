/** Routes of failed steps that wait for a person: look at them, and decide. */
import { z } from 'zod';
import { parkedDecidedSchema, parkedDeciderSchema, parkedRunSchema } from '../../contracts/parked/schema.ts';
import type { ApiDomain } from '../domain.ts';
import { pageOf, sendPage } from '../http/paging.ts';
import { defineRoute } from '../http/route.ts';
import { parkedComponents } from './components.ts';
import { parkedParams as params, parkedQuery, retryBody, skipBody } from './schemas.ts';

const list = defineRoute({
  name: 'listParked',
  method: 'get',
  path: '/v1/parked',
  summary: 'Runs in which failed steps wait for a person, the newest first',
  admin: true,
  query: parkedQuery,
  answers: { 200: { description: 'The runs, each with what waits', schema: pageOf(parkedRunSchema) } },
  async handle({ services, query, request, response }) {
    await sendPage({ request, response, query }, z.string(), async (cursor) => {
      const { items, nextCursor } = await services.client.parked.list({ limit: query.limit, cursor });
      return { items, next: nextCursor };
    });
  },
});

const show = defineRoute({
  name: 'getParked',
  method: 'get',
  path: '/v1/parked/:id',
  summary: 'What waits in a run and its parts, and what was decided',
  admin: true,
  params,
  answers: { 200: { description: 'What waits', schema: parkedRunSchema } },
  errors: [404],
  async handle({ services, params: { id }, response }) {
    response.json(await services.client.parked.get(id));
  },
});

const retry = defineRoute({
  name: 'retryParked',
  method: 'post',
  path: '/v1/parked/:id/retry',
  summary: 'Run failed steps again in place, one of them with another input',
  admin: true,
  params,
  body: retryBody,
  answers: { 200: { description: 'What runs again', schema: parkedDecidedSchema } },
  errors: [404],
  async handle({ services, params: { id }, body, response }) {
    const decided = await services.client.parked.retry(id, body);
    services.logger.info(auditOf(id, decided.paths, body), 'parked steps run again');
    response.json(decided);
  },
});

const skip = defineRoute({
  name: 'skipParked',
  method: 'post',
  path: '/v1/parked/:id/skip',
  summary: 'Go on with a value in the place of the result of a failed step',
  admin: true,
  params,
  body: skipBody,
  answers: { 200: { description: 'What is skipped', schema: parkedDecidedSchema } },
  errors: [404],
  async handle({ services, params: { id }, body, response }) {
    const decided = await services.client.parked.skip(id, body);
    services.logger.info(auditOf(id, decided.paths, body), 'parked step skipped');
    response.json(decided);
  },
});

const abort = defineRoute({
  name: 'abortParked',
  method: 'post',
  path: '/v1/parked/:id/abort',
  summary: 'Let failed steps fail as they would have failed at once',
  admin: true,
  params,
  body: parkedDeciderSchema,
  answers: { 200: { description: 'What fails', schema: parkedDecidedSchema } },
  errors: [404],
  async handle({ services, params: { id }, body, response }) {
    const decided = await services.client.parked.abort(id, body);
    services.logger.info(auditOf(id, decided.paths, body), 'parked steps aborted');
    response.json(decided);
  },
});

/** Most paths of one line of the log. */
const MOST_PATHS = 20;

function auditOf(
  run: string,
  paths: readonly string[],
  { by, reason }: { readonly by?: string | undefined; readonly reason?: string | undefined },
): object {
  return { run, steps: paths.length, paths: paths.slice(0, MOST_PATHS), by, reason };
}

/** The routes of parked steps. */
export const parked: ApiDomain = {
  tag: 'parked',
  routes: [list, show, retry, skip, abort],
  components: parkedComponents,
};
