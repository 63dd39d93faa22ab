import { batchParams, startedSchema } from './schemas.ts';
import { defineRoute } from '../http/route.ts';

/** Asks a batch to stop. */
export const cancelBatch = defineRoute({
  method: 'post',
  path: '/batches/:id/cancel',
  summary: 'Stop within seconds; what has been read is kept, and the batch can be resumed',
  tag: 'batches',
  params: batchParams,
  answers: { 202: { description: 'Asked', schema: startedSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    const batch = services.client.documents.getBatch(params.id);
    await batch.cancel();
    response.status(202).location(`/batches/${batch.id}`).json({ id: batch.id });
  },
});
