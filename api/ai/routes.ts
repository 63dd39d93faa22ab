/** Routes of AI: ask a model, make vectors, search among them, and see what was used. */
import type { Request, Response } from 'express';
import type { TaskHandle } from '../../client/index.ts';
import {
  completeInputSchema,
  completeOutputSchema,
  embedInputSchema,
  embedOutputSchema,
  searchInputSchema,
  searchOutputSchema,
} from '../../contracts/ai/schema.ts';
import type { ApiDomainWithPorts } from '../domain.ts';
import { idOfKey } from '../http/idempotency.ts';
import { resultSoon } from '../http/patience.ts';
import { routesWith } from '../http/route.ts';
import { startedSchema } from '../http/schemas.ts';
import { aiComponents } from './components.ts';
import { type AiPorts, type AiServices, openAiPorts } from './ports.ts';
import { aiUsageSchema, budgetBody, budgetSchema, tenantQuery, usageQuery } from './schemas.ts';

const defineRoute = routesWith<AiServices>();

/** A request that has started a task. */
interface Waiting {
  readonly services: Pick<AiServices, 'settings'>;
  readonly request: Request;
  readonly response: Response;
  readonly signal: AbortSignal;
}

/** Answers with the result if it comes in time, and otherwise with where to look. */
async function answerSoon(job: TaskHandle<unknown>, { services, request, response, signal }: Waiting): Promise<void> {
  const result = await resultSoon(job, { request, waitMs: services.settings.waitMs, signal });
  if (result !== undefined) response.json(result);
  else
    response
      .status(202)
      .location(`/v1/tasks/${encodeURIComponent(job.id)}`)
      .json({ id: job.id });
}

const STILL = 'Still at work; Location tells where to look';

const askModel = defineRoute({
  name: 'askModel',
  method: 'post',
  path: '/v1/ai/completions',
  summary:
    'Ask a language model; with a schema, the answer is JSON that keeps to it; `Prefer: respond-async` answers at once',
  query: tenantQuery,
  body: completeInputSchema,
  answers: {
    200: { description: 'The answer', schema: completeOutputSchema },
    202: { description: STILL, schema: startedSchema },
  },
  errors: [402, 409, 422, 502],
  async handle(call) {
    const options = { tenant: call.query.tenant, id: idOfKey(call.request) };
    await answerSoon(await call.services.client.task('ai.complete').call(call.body, options), call);
  },
});

const embedTexts = defineRoute({
  name: 'embedTexts',
  method: 'post',
  path: '/v1/ai/embeddings',
  summary: 'Make vectors of texts and keep them for searches, each content once',
  query: tenantQuery,
  body: embedInputSchema,
  answers: {
    200: { description: 'Made', schema: embedOutputSchema },
    202: { description: STILL, schema: startedSchema },
  },
  errors: [402, 409],
  async handle(call) {
    const options = { tenant: call.query.tenant, id: idOfKey(call.request) };
    await answerSoon(await call.services.client.task('ai.embed').call(call.body, options), call);
  },
});

const searchTexts = defineRoute({
  name: 'searchTexts',
  method: 'post',
  path: '/v1/ai/search',
  summary: 'Find the texts of a collection that are near to a text, the nearest first',
  query: tenantQuery,
  body: searchInputSchema,
  answers: {
    200: { description: 'What was found', schema: searchOutputSchema },
    202: { description: STILL, schema: startedSchema },
  },
  errors: [402, 409],
  async handle(call) {
    const options = { tenant: call.query.tenant, id: idOfKey(call.request) };
    await answerSoon(await call.services.client.task('ai.search').call(call.body, options), call);
  },
});

const getUsage = defineRoute({
  name: 'getAiUsage',
  method: 'get',
  path: '/v1/ai/usage',
  summary: 'What a tenant has used of models in a month, what it cost, and its budget',
  query: usageQuery,
  answers: { 200: { description: 'Tokens and costs', schema: aiUsageSchema } },
  async handle({ services: { aiUsage, aiCosts }, query: { tenant, month }, response }) {
    const name = tenant ?? '';
    const [used, monthly] = await Promise.all([
      aiUsage.usageOf(name, month === undefined ? undefined : `${month}-01`),
      aiUsage.budgetOf(name),
    ]);
    response.json({
      tenant: tenant ?? null,
      month: used.month.slice(0, 7),
      monthly: monthly === undefined ? null : aiCosts.decimal(monthly),
      spent: aiCosts.decimal(used.spent),
      reserved: aiCosts.decimal(used.reserved),
      models: used.models.map(({ model, requests, tokens, cost }) => ({
        model,
        requests,
        input_tokens: tokens.input,
        output_tokens: tokens.output,
        cost: aiCosts.decimal(cost),
      })),
    });
  },
});

const setBudget = defineRoute({
  name: 'setAiBudget',
  method: 'patch',
  path: '/v1/ai/budget',
  summary: 'Set what a tenant may spend on models in a month',
  admin: true,
  query: tenantQuery,
  body: budgetBody,
  answers: { 200: { description: 'Set; it holds for the next call', schema: budgetSchema } },
  async handle({ services: { aiUsage, aiCosts }, query: { tenant }, body: { monthly }, response }) {
    await aiUsage.setBudget(tenant ?? '', monthly === null ? undefined : aiCosts.billionths(Number(monthly)));
    const holds = await aiUsage.budgetOf(tenant ?? '');
    response.json({ tenant: tenant ?? null, monthly: holds === undefined ? null : aiCosts.decimal(holds) });
  },
});

/** The routes of AI. */
export const ai: ApiDomainWithPorts<AiPorts> = {
  tag: 'ai',
  openPorts: openAiPorts,
  components: aiComponents,
  routes: [askModel, embedTexts, searchTexts, getUsage, setBudget],
};
