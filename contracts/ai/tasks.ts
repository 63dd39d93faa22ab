/** The tasks of AI: the rows that this domain adds to the catalogue. */
import type { BreakerRule } from '../breakers/vocabulary.ts';
import { queues } from '../queues/names.ts';
import { type KeyedLimit, taskRow } from '../tasks/definition.ts';
import { aiRetry } from '../tasks/policies.ts';
import { queueLimits } from '../tasks/time-limits.ts';
import { SECOND_MS } from '../values/units.ts';
import type { CompleteInput, CompleteOutput, EmbedInput, EmbedOutput, SearchInput, SearchOutput } from './schema.ts';
import { OPENAI } from './vocabulary.ts';

/** The names under which the Celery application calls a task. */
function celery(name: string): readonly string[] {
  return [`app.tasks.ai_tasks.${name}`, name];
}

/** What the provider says of one prompt is no failure of the provider. */
const providerBreaker: BreakerRule = {
  key: OPENAI,
  counts: ['BackendUnavailable', 'BackendTimeout', 'BackendFailed'],
};

const providerRate: KeyedLimit = {
  by: 'task',
  shared: 'provider:openai',
  rate: { count: 8, perMs: SECOND_MS },
  reason: 'The provider takes 500 requests a minute from a new account.',
};

const limits = queueLimits(queues.aiAi);

export const aiTasks = {
  complete: taskRow<CompleteInput, CompleteOutput>()({
    name: 'ai.complete',
    purpose: 'Asks a language model, and checks its answer against a schema where one is given.',
    queue: queues.aiAi,
    aliases: celery('process_ai_request'),
    parameters: ['userId', 'prompt'],
    retry: aiRetry,
    limits,
    breaker: providerBreaker,
    keyedLimits: [providerRate],
    sealInput: true,
    sealOutput: true,
  }),
  embed: taskRow<EmbedInput, EmbedOutput>()({
    name: 'ai.embed',
    purpose: 'Makes vectors of texts, each content once, and keeps them for searches.',
    queue: queues.aiAi,
    aliases: celery('generate_embeddings'),
    parameters: ['collection', 'texts'],
    retry: aiRetry,
    limits,
    breaker: providerBreaker,
    keyedLimits: [providerRate],
    sealInput: true,
  }),
  search: taskRow<SearchInput, SearchOutput>()({
    name: 'ai.search',
    purpose: 'Finds the texts of a collection that are near to a text.',
    queue: queues.aiAi,
    parameters: ['collection', 'query'],
    retry: aiRetry,
    limits,
    breaker: providerBreaker,
    keyedLimits: [providerRate],
    sealInput: true,
  }),
} as const;
