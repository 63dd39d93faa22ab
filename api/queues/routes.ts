/** Routes of queues: list, pause, resume, drain and limit. */
import { z } from 'zod';
import type { QueueChange, QueueControls, QueueView } from '../../client/index.ts';
import type { ApiDomain } from '../domain.ts';
import { cutPage, sendPage } from '../http/paging.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { queueComponents } from './components.ts';
import { queueChangeBody, queueListSchema, queueParams, queueRateBody, queueSchema, queuesQuery } from './schemas.ts';

const listQueues = defineRoute({
  name: 'listQueues',
  method: 'get',
  path: '/v1/queues',
  summary: 'Every queue: state, priority, rate, backlog, workers',
  query: queuesQuery,
  answers: { 200: { description: 'Queues, by name', schema: queueListSchema } },
  async handle({ services, query, request, response }) {
    await sendPage({ request, response, query }, z.string(), async (after) =>
      cutPage(await services.client.queues.list(), ({ name }) => name, { after, limit: query.limit }),
    );
  },
});

const getQueue = defineRoute({
  name: 'getQueue',
  method: 'get',
  path: '/v1/queues/:name',
  summary: 'One queue',
  params: queueParams,
  answers: { 200: { description: 'The queue', schema: queueSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await services.client.queues.get(params.name));
  },
});

type Verb = 'pause' | 'resume' | 'drain';

const summaries: Readonly<Record<Verb, string>> = {
  pause: 'Let workers take nothing more; calls wait',
  resume: 'End a pause or a drain',
  drain: 'Refuse new calls while workers go on until nothing is left',
};

function changeRoute(verb: Verb): Route {
  return defineRoute({
    name: `${verb}Queue`,
    method: 'post',
    path: `/v1/queues/:name/${verb}`,
    summary: summaries[verb],
    admin: true,
    params: queueParams,
    body: queueChangeBody,
    answers: { 200: { description: 'The queue as it is now', schema: queueSchema } },
    errors: [404],
    async handle({ services, params, body, response }) {
      const { queues } = services.client;
      const view = await change(queues, verb, params.name, { ...body, by: body.by ?? 'api' });
      services.logger.info({ queue: params.name, ...body, state: view.state }, `queue: ${verb}`);
      response.json(view);
    },
  });
}

function change(queues: QueueControls, verb: Verb, name: string, by: QueueChange): Promise<QueueView> {
  if (verb === 'pause') return queues.pause(name, by);
  return verb === 'resume' ? queues.resume(name, by) : queues.drain(name, by);
}

const setRate = defineRoute({
  name: 'setQueueRate',
  method: 'post',
  path: '/v1/queues/:name/rate',
  summary: 'Set how many starts all workers together may make',
  admin: true,
  params: queueParams,
  body: queueRateBody,
  answers: { 200: { description: 'The queue as it is now', schema: queueSchema } },
  errors: [404],
  async handle({ services, params, body: { rate, reason, by = 'api' }, response }) {
    const view = await services.client.queues.setRate(params.name, rate, { reason, by });
    services.logger.info({ queue: params.name, rate, reason, by }, 'queue: rate');
    response.json(view);
  },
});

export const queues: ApiDomain = {
  tag: 'queues',
  components: queueComponents,
  routes: [listQueues, getQueue, changeRoute('pause'), changeRoute('resume'), changeRoute('drain'), setRate],
};
