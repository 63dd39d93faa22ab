import { createHash } from 'node:crypto';
import type { BatchStart } from '../../client/index.ts';
import { defineRoute } from '../http/route.ts';
import { batchBody, startedSchema } from './schemas.ts';

/** Starts a batch. */
export const startBatch = defineRoute({
  method: 'post',
  path: '/batches',
  summary: 'Start a batch of up to 100,000 documents; the same Idempotency-Key is the same batch',
  tag: 'batches',
  body: batchBody,
  answers: { 202: { description: 'Started; Location tells where to look', schema: startedSchema } },
  async handle({ services, body, request, response }) {
    const key = request.get('idempotency-key');
    // Hashed, because a key may hold characters that an id may not.
    const id = key === undefined ? undefined : `key-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
    const batch = await services.client.documents.batchOcr(body satisfies BatchStart, { id });
    response.status(202).location(`/batches/${batch.id}`).json({ id: batch.id });
  },
});
