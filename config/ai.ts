/** Settings of language models and embeddings. */
import { withoutEnd } from '../contracts/values/text.ts';
import { anyText, isHttpUrl, list, mapped, number, optional, text } from './entries.ts';

/** What a million tokens of a model cost. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

const PRICE = /^([\w.:/-]{1,200})=(\d{1,6}(?:\.\d{1,3})?)\/(\d{1,6}(?:\.\d{1,3})?)$/;

function readPrice(given: string): readonly [string, ModelPrice] {
  const [, model = '', input = '', output = ''] = PRICE.exec(given) ?? [];
  return [model, { input: Number(input), output: Number(output) }];
}

export const ai = {
  /** `undefined` when the local stack has a provider of its own. */
  apiKey: optional('AI_API_KEY', 'a key of the provider', (value) => anyText() && value.trim() === value, {
    doc: 'Key of the provider of models. Unset: the local stack has a provider that computes answers by rules.',
    secret: true,
  }),
  /** Without a slash at its end; `undefined` for OpenAI itself. */
  baseUrl: mapped(
    optional('AI_BASE_URL', 'an http or https URL', isHttpUrl, {
      doc: 'Address of a service that speaks the HTTP of OpenAI, with its version.',
      defaultText: 'https://api.openai.com/v1',
    }),
    (url) => (url === undefined ? undefined : withoutEnd(url, /\//)),
  ),
  model: text('AI_MODEL', 'gpt-4o-mini', { doc: 'Model that is asked when a call names none.' }),
  embeddingModel: text('AI_EMBEDDING_MODEL', 'text-embedding-3-small', {
    doc: 'Model that makes vectors when a call names none.',
  }),
  /** By model, in the currency of the account. */
  prices: mapped(
    list('AI_PRICES', 'prices such as gpt-4o-mini=0.15/0.60, separated by commas', (one) => PRICE.test(one), {
      doc: 'Prices of a million tokens of question and of answer by model, for example `gpt-4o-mini=0.15/0.60`. A model without one costs nothing, and is not asked for a tenant that has a budget.',
    }),
    (prices): ReadonlyMap<string, ModelPrice> => new Map(prices.map(readPrice)),
  ),
  /** In the currency of the prices. */
  monthlyBudget: mapped(
    optional('AI_MONTHLY_BUDGET', 'a number such as 25 or 12.50', (value) => /^\d{1,9}(\.\d{1,6})?$/.test(value), {
      doc: 'Most that a tenant may spend in a month, of a tenant for which nothing else was set. Unset: no bound.',
    }),
    (value) => (value === undefined ? undefined : Number(value)),
  ),
  cacheTtlSeconds: number(
    'AI_CACHE_TTL_SECONDS',
    86_400,
    { min: 1, max: 2_592_000 },
    { doc: 'Time for which an answer is known and not asked for again.', unit: 's' },
  ),
  timeoutMs: number(
    'AI_TIMEOUT_MS',
    120_000,
    { min: 100, max: 230_000 },
    { doc: 'Longest wait for an answer of the provider.', unit: 'ms' },
  ),
};
