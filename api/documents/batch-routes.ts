/** Routes of batches: start, watch, pause, resume and cancel. */
import { z } from 'zod';
import type { BatchStart } from '../../client/index.ts';
import { requireBatch, viewBatch } from './lookups.ts';
import { endAt, sendPage } from '../http/paging.ts';
import { startedSchema } from '../http/schemas.ts';
import { routesWith, type Route } from '../http/route.ts';
import type { DocumentServices } from './ports.ts';
import { idOfKey } from '../http/idempotency.ts';
import { batchEvents } from './batch-events.ts';
import { batchBody, batchParams, batchSchema, outcomesQuery, outcomesSchema } from './schemas.ts';

const defineRoute = routesWith<DocumentServices>();

/** Starts a batch. */
const startBatch = defineRoute({
  name: 'startBatch',
  method: 'post',
  path: '/v1/batches',
  summary: 'Start a batch of up to 100,000 documents; the same Idempotency-Key is the same batch',
  body: batchBody,
  answers: { 202: { description: 'Started; Location tells where to look', schema: startedSchema } },
  errors: [409],
  async handle({ services, body, request, response }) {
    const batch = await services.client.documents.batchOcr(body satisfies BatchStart, { id: idOfKey(request) });
    response.status(202).location(`/v1/batches/${batch.id}`).json({ id: batch.id });
  },
});

/** Shows one batch. */
const getBatch = defineRoute({
  name: 'getBatch',
  method: 'get',
  path: '/v1/batches/:id',
  summary: 'One batch: where it stands, with counts and an estimate of the time left',
  params: batchParams,
  answers: { 200: { description: 'The batch', schema: batchSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await viewBatch(services, params.id));
  },
});

/** Lists what became of each entry of a batch. */
const getOutcomes = defineRoute({
  name: 'listBatchOutcomes',
  method: 'get',
  path: '/v1/batches/:id/outcomes',
  summary:
    'What became of each entry, in the order of the input: completed, failed with its reason, missing or pending',
  params: batchParams,
  query: outcomesQuery,
  answers: { 200: { description: 'One page of the list', schema: outcomesSchema } },
  errors: [404],
  async handle({ services, params, query, request, response }) {
    const id = await requireBatch(services, params.id);
    await sendPage({ request, response, query }, z.int(), async (after = -1) =>
      endAt(await services.batches.outcomes(id, after, query.limit + 1), ({ position }) => position, query.limit),
    );
  },
});

/** Asks a batch to stop. */
const cancelBatch = defineRoute({
  name: 'cancelBatch',
  method: 'post',
  path: '/v1/batches/:id/cancel',
  summary: 'Stop within seconds; what has been read is kept, and the batch can be resumed',
  params: batchParams,
  answers: { 202: { description: 'Asked', schema: startedSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    const batch = services.client.documents.getBatch(params.id);
    await batch.cancel();
    response.status(202).location(`/v1/batches/${batch.id}`).json({ id: batch.id });
  },
});

/** Holds a batch. */
const pauseBatch = defineRoute({
  name: 'pauseBatch',
  method: 'post',
  path: '/v1/batches/:id/pause',
  summary: 'Finish the documents in work and take no further ones, until resumed',
  params: batchParams,
  answers: { 202: { description: 'Asked', schema: startedSchema } },
  errors: [404, 409],
  async handle({ services, params, response }) {
    const batch = services.client.documents.getBatch(params.id);
    await batch.pause();
    response.status(202).location(`/v1/batches/${batch.id}`).json({ id: batch.id });
  },
});

/** Goes on with a batch that was paused, cancelled or failed. */
const resumeBatch = defineRoute({
  name: 'resumeBatch',
  method: 'post',
  path: '/v1/batches/:id/resume',
  summary: 'Go on with a batch that was paused, cancelled or failed: what is done stays done',
  params: batchParams,
  answers: { 202: { description: 'Going on', schema: startedSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    const id = await requireBatch(services, params.id);
    // The database still knows the batch after the Temporal server has deleted its history.
    const batch = await services.client.documents.resumeBatch(id, { known: true });
    response.status(202).location(`/v1/batches/${batch.id}`).json({ id: batch.id });
  },
});

export const batchRoutes: readonly Route<DocumentServices>[] = [
  startBatch,
  getBatch,
  batchEvents,
  getOutcomes,
  cancelBatch,
  pauseBatch,
  resumeBatch,
];
