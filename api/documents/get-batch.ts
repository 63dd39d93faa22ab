import { viewBatch } from '../http/lookups.ts';
import { defineRoute } from '../http/route.ts';
import { batchParams, batchSchema } from './schemas.ts';

/** Shows one batch. */
export const getBatch = defineRoute({
  method: 'get',
  path: '/batches/:id',
  summary: 'One batch: where it stands, with counts and an estimate of the time left',
  tag: 'batches',
  params: batchParams,
  answers: { 200: { description: 'The batch', schema: batchSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await viewBatch(services, params.id));
  },
});
