import { requireBatch } from '../http/lookups.ts';
import { defineRoute } from '../http/route.ts';
import { batchParams, outcomesQuery, outcomesSchema } from './schemas.ts';

/** Lists what became of each entry of a batch. */
export const getOutcomes = defineRoute({
  method: 'get',
  path: '/batches/:id/outcomes',
  summary:
    'What became of each entry, in the order of the input: completed, failed with its reason, missing or pending',
  tag: 'batches',
  params: batchParams,
  query: outcomesQuery,
  answers: { 200: { description: 'One page of the list', schema: outcomesSchema } },
  errors: [404],
  async handle({ services, params, query, response }) {
    const id = await requireBatch(services, params.id);
    const outcomes = await services.batches.outcomes(id, query.after, query.limit);
    const last = outcomes.at(-1);
    response.json({ outcomes, next: last !== undefined && outcomes.length === query.limit ? last.position : null });
  },
});
