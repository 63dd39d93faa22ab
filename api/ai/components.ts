/** Names and examples of the shapes of AI in the OpenAPI document. */
import {
  completeInputSchema,
  completeOutputSchema,
  embedInputSchema,
  embedOutputSchema,
  searchInputSchema,
  searchOutputSchema,
} from '../../contracts/ai/schema.ts';
import { component, type Components } from '../http/components.ts';
import { aiUsageSchema, budgetBody, budgetSchema } from './schemas.ts';

export const aiComponents: Components = {
  AiQuestion: component(completeInputSchema, { prompt: 'Where is the parcel?', maxTokens: 1_024, fresh: false }),
  AiAnswer: component(completeOutputSchema, {
    text: 'In Hamburg.',
    model: 'gpt-4o-mini',
    finish: 'stop',
    input_tokens: 12,
    output_tokens: 4,
    cost: '0.0000042',
    cached: false,
  }),
  AiTexts: component(embedInputSchema, {
    collection: 'manuals',
    texts: [{ id: 'parcel', text: 'The parcel left Hamburg.' }],
  }),
  AiEmbedding: component(embedOutputSchema, {
    model: 'text-embedding-3-small',
    made: 1,
    known: 0,
    input_tokens: 6,
    cost: '0.00000012',
  }),
  AiSearch: component(searchInputSchema, { collection: 'manuals', query: 'Where is my parcel?', limit: 10 }),
  AiFound: component(searchOutputSchema, { model: 'text-embedding-3-small', found: [{ id: 'parcel', score: 0.71 }] }),
  AiBudgetChange: component(budgetBody, { monthly: '25' }),
  AiBudget: component(budgetSchema, { tenant: 'acme', monthly: '25' }),
  AiUsage: component(aiUsageSchema, {
    tenant: 'acme',
    month: '2026-11',
    monthly: '25',
    spent: '1.25',
    reserved: '0',
    models: [{ model: 'gpt-4o-mini', requests: 412, input_tokens: 812_000, output_tokens: 96_000, cost: '0.1794' }],
  }),
};
