import { createHash, randomUUID } from 'node:crypto';
import { type CompleteInput, type CompleteOutput, completeOutputSchema } from '../../contracts/ai/schema.ts';
import { CACHE_KIND, CACHE_TTL_SECONDS, type DefinedCache } from '../../contracts/cache/definition.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { Answer, Question } from '../../services/ai/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { mostTokens, withinBudget } from './counted.ts';
import type { AiPorts } from './ports.ts';

/** Answers by what was asked; they are sealed. */
const answers: DefinedCache<{ readonly digest: string }, string> = {
  kind: CACHE_KIND,
  name: 'ai.answers',
  ttlSeconds: CACHE_TTL_SECONDS,
  requireKey: () => undefined,
  tagsOf: () => [],
  read: (kept) => (typeof kept === 'string' ? { value: kept } : undefined),
};

type Known = Omit<CompleteOutput, 'cached'>;

/** Asks a model, or gives what it has answered to the same question. The second call with a key is not counted again. */
export async function complete(ports: AiPorts, input: CompleteInput, context: TaskContext): Promise<CompleteOutput> {
  const { sealer, cacheTtlSeconds: ttlSeconds } = ports;
  const question = questionOf(ports, input);
  const digest = createHash('sha256').update(JSON.stringify(question)).digest('hex');
  const about = `ai.complete/${context.tenant ?? ''}/${digest}`;
  const cache = context.cache.of(answers);
  let isNew = false;
  const ask = async (): Promise<string> => {
    const { value, repeated } = await askOnce(ports, { input, question, digest, about }, context);
    isNew = !repeated;
    return value;
  };
  const sealed = input.fresh ? await ask() : await cache.getOrLoad({ digest }, ask, { ttlSeconds });
  if (input.fresh) await cache.set({ digest }, sealed, { ttlSeconds });
  return completeOutputSchema.parse({ ...known(sealer.open(sealed, about)), cached: !isNew });
}

function known(text: string): Known {
  return JSON.parse(text) as Known; // it was sealed below
}

function questionOf({ model: otherwise }: AiPorts, input: CompleteInput): Question {
  const { prompt, messages, system, model = otherwise, maxTokens, temperature, schema, userId } = input;
  const asked = messages ?? [{ role: 'user' as const, content: prompt ?? '' }];
  return {
    model,
    messages: system === undefined ? asked : [{ role: 'system', content: system }, ...asked],
    maxTokens,
    temperature,
    schema,
    user: userId === undefined ? undefined : createHash('sha256').update(String(userId)).digest('hex'),
  };
}

interface Asked {
  readonly input: CompleteInput;
  readonly question: Question;
  readonly digest: string;
  readonly about: string;
}

/** Asks once for each key; the ledger of effects keeps the sealed answer. */
async function askOnce(
  ports: AiPorts,
  { input, question, digest, about }: Asked,
  context: TaskContext,
): Promise<{ readonly value: string; readonly repeated: boolean }> {
  const { requestKey = context.taskId } = input;
  return context.once(
    `ai.complete/${requestKey}`,
    async ({ signal }) => {
      const text = JSON.stringify(
        await askCounted(ports, question, { tenant: context.tenant ?? '', key: requestKey }, signal),
      );
      const sealed = ports.sealer.seal(text, about);
      if (sealed.length > MOST_KEPT)
        throw new PerennialError('AiAnswerTooLong', 'expected a shorter answer, got more than can be kept');
      return sealed;
    },
    { kind: 'ai.complete', content: { digest } },
  );
}

/** The ledger of effects keeps 100,000 bytes. */
const MOST_KEPT = 99_000;

interface Counted {
  readonly tenant: string;
  readonly key: string;
}

async function askCounted(
  ports: AiPorts,
  question: Question,
  { tenant, key }: Counted,
  signal: AbortSignal,
): Promise<Known> {
  const { provider, usage, costs } = ports;
  const { model, messages, maxTokens, schema } = question;
  const texts = [...messages.map(({ content }) => content), ...(schema === undefined ? [] : [JSON.stringify(schema)])];
  const most = { input: mostTokens(texts), output: maxTokens };
  return withinBudget(ports, { tenant, key, model, most }, async (price) => {
    const answer = await provider.complete(question, signal);
    const cost = costs.of(price, answer.tokens);
    const settlement = { tenant, key, tokens: answer.tokens, cost };
    try {
      const json = await jsonOf(ports, question, answer, signal);
      await usage.settle(settlement);
      return { ...toKnown(answer), cost: costs.decimal(cost), ...json };
    } catch (error) {
      // It was paid for, and asking again under the key will be paid for again.
      await usage.settle({ ...settlement, as: `${key}#${randomUUID()}` });
      throw error;
    }
  });
}

function toKnown({ text, model, finish, tokens }: Answer): Omit<Known, 'cost' | 'json'> {
  return {
    text,
    model,
    finish: finish === 'length' ? 'length' : 'stop',
    input_tokens: tokens.input,
    output_tokens: tokens.output,
  };
}

/** Reads the answer as JSON, where a schema was asked for. */
async function jsonOf(
  { schemas }: AiPorts,
  { schema }: Question,
  { finish, text }: Answer,
  signal: AbortSignal,
): Promise<{ readonly json?: unknown }> {
  if (finish === 'refused')
    throw new PerennialError('AiContentRefused', 'expected an answer, but the model refused one');
  if (schema === undefined) return {};
  if (finish === 'length')
    throw new PerennialError('AiAnswerCut', 'maxTokens: expected enough for the whole answer, but it was cut there');
  const json = parse(text);
  const faults = await schemas.faults(schema, json, signal);
  if (faults.length === 0) return { json };
  throw new PerennialError(
    'AiAnswerMismatch',
    `expected an answer that keeps to the schema, got one that breaks ${faults.join(', ')}`,
  );
}

function parse(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    // The text of the error quotes the answer.
    throw new PerennialError('AiAnswerNotJson', 'expected an answer that is JSON, got other text');
  }
}
