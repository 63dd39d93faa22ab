import { requireBatch } from '../http/lookups.ts';
import { defineRoute } from '../http/route.ts';
import { batchParams, startedSchema } from './schemas.ts';

/** Goes on with a batch that was paused, cancelled or failed. */
export const resumeBatch = defineRoute({
  method: 'post',
  path: '/batches/:id/resume',
  summary: 'Go on with a batch that was paused, cancelled or failed: what is done stays done',
  tag: 'batches',
  params: batchParams,
  answers: { 202: { description: 'Going on', schema: startedSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    const id = await requireBatch(services, params.id);
    // The database knows the batch, even when the server has forgotten it.
    const batch = await services.client.documents.resumeBatch(id, { known: true });
    response.status(202).location(`/batches/${batch.id}`).json({ id: batch.id });
  },
});
