/** Routes of dead letters: look at what failed for good, and put it right. */
import { deadLetterDetailsSchema, deadLetterSchema } from '../../contracts/dlq/schema.ts';
import type { ApiDomain } from '../domain.ts';
import { sendPage } from '../http/paging.ts';
import { defineRoute } from '../http/route.ts';
import { deadLetterComponents } from './components.ts';
import { redriveRoutes } from './redrive-routes.ts';
import {
  causesQuery,
  causesSchema,
  closeBody,
  letterParams,
  letterPosition,
  listQuery,
  listSchema,
  requeueBody,
  requeuedSchema,
} from './schemas.ts';

const list = defineRoute({
  name: 'listDeadLetters',
  method: 'get',
  path: '/v1/dlq',
  summary: 'Tasks that failed for good and have not been put right, the oldest first',
  admin: true,
  query: listQuery,
  answers: { 200: { description: 'The open letters', schema: listSchema } },
  async handle({ services, query, request, response }) {
    const { skip, limit, cursor: _cursor, ...filter } = query;
    await sendPage({ request, response, query }, letterPosition, (after) =>
      services.client.dlq.list(filter, { skip, limit, after }),
    );
  },
});

const causes = defineRoute({
  name: 'listDeadLetterCauses',
  method: 'get',
  path: '/v1/dlq/causes',
  summary: 'Open dead letters by cause, the most frequent first',
  admin: true,
  query: causesQuery,
  answers: { 200: { description: 'The causes', schema: causesSchema } },
  async handle({ services, query: { limit, ...filter }, response }) {
    response.json({ causes: await services.client.dlq.causes(filter, limit) });
  },
});

const show = defineRoute({
  name: 'getDeadLetter',
  method: 'get',
  path: '/v1/dlq/:id',
  summary: 'One dead letter, open or not',
  admin: true,
  params: letterParams,
  answers: { 200: { description: 'The letter', schema: deadLetterDetailsSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await services.client.dlq.get(params.id));
  },
});

const requeue = defineRoute({
  name: 'requeueDeadLetter',
  method: 'post',
  path: '/v1/dlq/:id/requeue',
  summary: 'Start the run of a dead letter again',
  admin: true,
  params: letterParams,
  body: requeueBody,
  answers: { 200: { description: 'The run that repeats it', schema: requeuedSchema } },
  errors: [404, 409],
  async handle({ services, params, body, response }) {
    const { id } = await services.client.dlq.redrive(params.id, body);
    response.json({ status: 'requeued', new_task_id: id });
  },
});

/** Closes a letter without a redrive. */
function closing(verb: 'resolve' | 'discard', summary: string) {
  return defineRoute({
    name: `${verb}DeadLetter`,
    method: 'post',
    path: `/v1/dlq/:id/${verb}`,
    summary,
    admin: true,
    params: letterParams,
    body: closeBody,
    answers: { 200: { description: 'The letter as it is now', schema: deadLetterSchema } },
    errors: [404, 409],
    async handle({ services, params, body, response }) {
      response.json(await services.client.dlq[verb](params.id, body));
    },
  });
}

const resolve = closing('resolve', 'Close a dead letter that was put right otherwise');
const discard = closing('discard', 'Close a dead letter that is not worth repeating');

/** The routes of dead letters. */
export const dlq: ApiDomain = {
  tag: 'dlq',
  components: deadLetterComponents,
  // Fixed paths stand before paths with an id, because the first match answers.
  routes: [list, causes, ...redriveRoutes, show, requeue, resolve, discard],
};
