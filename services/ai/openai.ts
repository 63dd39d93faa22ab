/** A service that speaks OpenAI's HTTP as the provider of models, by its official client, which the first question loads. */
import type OpenAI from 'openai';
import { z } from 'zod';
import { PerennialError } from '../../contracts/failures.ts';
import { whenUsed } from '../../contracts/values/when-used.ts';
import { otherAnswer, toModelFailure } from './errors.ts';
import type { Answer, ModelProvider, Question, Vectors } from './port.ts';

/** Settings of {@link createModelProvider}. */
export interface ModelProviderOptions {
  readonly apiKey: string | undefined;
  /** Address that takes the place of OpenAI's own; it ends without a slash. */
  readonly baseUrl: string | undefined;
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** Creates the provider. Nothing is connected before the first question. */
export function createModelProvider(options: ModelProviderOptions): ModelProvider {
  const { apiKey, baseUrl } = options;
  if (apiKey === undefined) return nowhere;
  const client = whenUsed(() => connect(options, apiKey));
  const ask = async <T>(signal: AbortSignal, question: (openai: OpenAI) => Promise<T>): Promise<T> => {
    try {
      return await question(await client());
    } catch (error) {
      signal.throwIfAborted();
      throw toModelFailure(error);
    }
  };
  return {
    complete: (question, signal) =>
      ask(signal, async (openai) => {
        const body = bodyOf(question, baseUrl === undefined);
        return readAnswer(await openai.chat.completions.create(body, { signal }));
      }),
    embed: (model, texts, signal) =>
      ask(signal, async (openai) => {
        const body = { model, input: [...texts], encoding_format: 'float' as const };
        return readVectors(await openai.embeddings.create(body, { signal }), texts.length);
      }),
  };
}

function bodyOf({ model, messages, maxTokens, temperature, schema, user }: Question, isOpenAi: boolean): Body {
  // OpenAI has new names for both, which other services need not know.
  const named = isOpenAi
    ? { max_completion_tokens: maxTokens, safety_identifier: user }
    : { max_tokens: maxTokens, user };
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...named,
    temperature,
    ...(schema === undefined
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { ...schema } } } }),
  } as Body; // what is `undefined` is not sent
}

type Body = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;

const tokens = z.int().nonnegative();
/** What is read of an answer; services that speak this HTTP add and leave out much. */
const answerSchema = z.object({
  model: z.string().max(500),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }),
});

function readAnswer(given: unknown): Answer {
  const { data } = answerSchema.safeParse(given);
  const choice = data?.choices[0];
  if (data === undefined || choice === undefined) throw otherAnswer('an answer and its tokens');
  const { content, refusal } = choice.message;
  const isRefused = choice.finish_reason === 'content_filter' || (refusal ?? '') !== '';
  const finish = choice.finish_reason === 'length' ? 'length' : 'stop';
  return {
    model: data.model,
    text: content ?? '',
    finish: isRefused ? 'refused' : finish,
    tokens: { input: data.usage.prompt_tokens, output: data.usage.completion_tokens },
  };
}

const vectorsSchema = z.object({
  data: z.array(z.object({ index: z.int(), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: tokens }),
});

function readVectors(given: unknown, count: number): Vectors {
  const { data } = vectorsSchema.safeParse(given);
  const vectors = data?.data.toSorted((one, other) => one.index - other.index).map(({ embedding }) => unit(embedding));
  if (data === undefined || vectors?.length !== count) throw otherAnswer('a vector for each text');
  return { vectors, tokens: { input: data.usage.prompt_tokens, output: 0 } };
}

/** Gives a vector the length 1, so that a product of two is how near they are. */
function unit(vector: readonly number[]): readonly number[] {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

async function connect({ baseUrl, timeoutMs }: ModelProviderOptions, apiKey: string): Promise<OpenAI> {
  const { default: Client } = await import('openai');
  // The policies of tasks decide about repetitions, not the library, which would also write prompts to a log.
  const settings = { apiKey, maxRetries: 0, timeout: timeoutMs, logLevel: 'off' as const };
  return new Client(baseUrl === undefined ? settings : { ...settings, baseURL: baseUrl });
}

const missing = (): Promise<never> =>
  Promise.reject(new PerennialError('AiNotConfigured', 'expected AI_API_KEY to be the key of a provider, got nothing'));

const nowhere: ModelProvider = { complete: missing, embed: missing };
