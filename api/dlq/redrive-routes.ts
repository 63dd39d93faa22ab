/** Routes of redrives of many dead letters: start one, look at it, and steer it. */
import { z } from 'zod';
import { redrivePlanSchema, redriveSchema } from '../../contracts/dlq/schema.ts';
import { pageOf, sendPage } from '../http/paging.ts';
import { defineRoute } from '../http/route.ts';
import { startedSchema } from '../http/schemas.ts';
import { dryRunBody, redriveBody, redriveParams, redrivesQuery, steerBody } from './schemas.ts';

const start = defineRoute({
  name: 'redriveDeadLetters',
  method: 'post',
  path: '/v1/dlq/redrives',
  summary: 'Start the runs of many dead letters again, so many a second',
  admin: true,
  body: redriveBody,
  answers: { 202: { description: 'Begun; Location tells where to look', schema: startedSchema } },
  errors: [409],
  async handle({ services, body: { filter, ...options }, response }) {
    const { id } = await services.client.dlq.redriveAll(filter, options);
    response.status(202).location(`/v1/dlq/redrives/${id}`).json({ id });
  },
});

const dryRun = defineRoute({
  name: 'dryRunRedrive',
  method: 'post',
  path: '/v1/dlq/redrives/dry-run',
  summary: 'What the redrive of a filter would do; nothing is started',
  admin: true,
  body: dryRunBody,
  answers: { 200: { description: 'Runs, causes and steps', schema: redrivePlanSchema } },
  async handle({ services, body: { filter, ...options }, response, signal }) {
    response.json(await services.client.dlq.dryRun(filter, { ...options, signal }));
  },
});

const list = defineRoute({
  name: 'listRedrives',
  method: 'get',
  path: '/v1/dlq/redrives',
  summary: 'Redrives of many dead letters, the newest first',
  admin: true,
  query: redrivesQuery,
  answers: { 200: { description: 'The redrives', schema: pageOf(redriveSchema) } },
  async handle({ services, query, request, response }) {
    await sendPage({ request, response, query }, z.string(), async (cursor) => {
      const { items, nextCursor } = await services.client.dlq.redrives({ limit: query.limit, cursor });
      return { items, next: nextCursor };
    });
  },
});

const show = defineRoute({
  name: 'getRedrive',
  method: 'get',
  path: '/v1/dlq/redrives/:id',
  summary: 'What a redrive was told, and how far it is',
  admin: true,
  params: redriveParams,
  answers: { 200: { description: 'The redrive', schema: redriveSchema } },
  errors: [404],
  async handle({ services, params: { id }, response }) {
    response.json(await services.client.dlq.getRedrive(id).show());
  },
});

/** Steers a redrive. */
function steering(verb: 'pause' | 'resume' | 'abort', summary: string) {
  return defineRoute({
    name: `${verb}Redrive`,
    method: 'post',
    path: `/v1/dlq/redrives/:id/${verb}`,
    summary,
    admin: true,
    params: redriveParams,
    body: steerBody,
    answers: { 202: { description: 'Told', schema: startedSchema } },
    errors: [404, 409],
    async handle({ services, params: { id }, body: { by }, response }) {
      await services.client.dlq.getRedrive(id)[verb](by);
      response.status(202).json({ id });
    },
  });
}

/** The routes of redrives. */
export const redriveRoutes = [
  start,
  dryRun,
  list,
  show,
  steering('pause', 'Start no further run of a redrive'),
  steering('resume', 'Let a redrive go on'),
  steering('abort', 'End a redrive; letters of runs that were not started stay open'),
];
