import { batchParams, startedSchema } from './schemas.ts';
import { defineRoute } from '../http/route.ts';

/** Holds a batch. */
export const pauseBatch = defineRoute({
  method: 'post',
  path: '/batches/:id/pause',
  summary: 'Finish the documents in work and take no further ones, until resumed',
  tag: 'batches',
  params: batchParams,
  answers: { 202: { description: 'Asked', schema: startedSchema } },
  errors: [404, 409],
  async handle({ services, params, response }) {
    const batch = services.client.documents.getBatch(params.id);
    await batch.pause();
    response.status(202).location(`/batches/${batch.id}`).json({ id: batch.id });
  },
});
