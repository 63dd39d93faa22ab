import { createHash } from 'node:crypto';
import type { EmbedInput, EmbedOutput } from '../../contracts/ai/schema.ts';
import type { VectorSpace } from '../../services/ai/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { mostTokens, withinBudget } from './counted.ts';
import type { AiPorts } from './ports.ts';

/** Texts that the provider is given at once. */
const BATCH = 128;

/** Returns what stands for the content of a text. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

interface Made {
  readonly made: number;
  readonly tokens: number;
  readonly cost: number;
}

/**
 * Makes vectors of texts, batch by batch. What a batch has made is kept together with what it has cost, so that a second
 * run makes what is missing, and a budget that is used up leaves what was made.
 */
export async function embed(ports: AiPorts, input: EmbedInput, context: TaskContext): Promise<EmbedOutput> {
  const { embeddingModel, costs } = ports;
  const { texts, collection, model = embeddingModel, requestKey = context.taskId } = input;
  const space = { tenant: context.tenant ?? '', model };
  const sums = { made: 0, tokens: 0, cost: 0 };
  for (let at = 0; at < texts.length; at += BATCH) {
    context.signal.throwIfAborted();
    const batch = texts.slice(at, at + BATCH);
    const { made, tokens, cost } = await embedBatch(ports, { space, collection, requestKey, batch }, context.signal);
    sums.made += made;
    sums.tokens += tokens;
    sums.cost += cost;
    context.progress({ done: at + batch.length });
  }
  const { made, tokens, cost } = sums;
  return { model, made, known: texts.length - made, input_tokens: tokens, cost: costs.decimal(cost) };
}

interface Batch {
  readonly space: VectorSpace;
  readonly collection: string;
  readonly requestKey: string;
  readonly batch: EmbedInput['texts'];
}

async function embedBatch(
  ports: AiPorts,
  { space, collection, requestKey, batch }: Batch,
  signal: AbortSignal,
): Promise<Made> {
  const texts = batch.map(({ id, text }) => ({ id, hash: hashOf(text) }));
  const missing = new Set(await ports.vectors.put(space, collection, texts));
  if (missing.size === 0) return { made: 0, tokens: 0, cost: 0 };
  const contents = new Map(batch.map(({ text }) => [hashOf(text), text]));
  const wanted = [...missing].flatMap((hash) => contents.get(hash) ?? []);
  const { tokens, cost } = await makeVectors(ports, { space, key: requestKey, texts: wanted }, signal);
  await ports.vectors.put(space, collection, texts);
  return { made: texts.filter(({ hash }) => missing.has(hash)).length, tokens, cost };
}

/** Texts of which vectors are made in one call of the provider. */
interface Wanted {
  readonly space: VectorSpace;
  /** Business key; with the texts, it is what is counted once. */
  readonly key: string;
  readonly texts: readonly string[];
}

/** Makes vectors and keeps them together with what they have cost. */
export async function makeVectors(
  ports: AiPorts,
  { space, key, texts }: Wanted,
  signal: AbortSignal,
): Promise<{ readonly tokens: number; readonly cost: number; readonly first: readonly number[] }> {
  const hashes = texts.map(hashOf);
  const counted = { tenant: space.tenant, key: `${key}/${hashOf(hashes.join())}` };
  const most = { input: mostTokens(texts), output: 0 };
  return withinBudget(ports, { ...counted, model: space.model, most }, async (price) => {
    const { vectors, tokens } = await ports.provider.embed(space.model, texts, signal);
    const cost = ports.costs.of(price, tokens);
    const made = new Map(hashes.map((hash, at) => [hash, vectors[at] ?? []]));
    await ports.vectors.keep(space, made, { ...counted, tokens, cost });
    return { tokens: tokens.input, cost, first: vectors[0] ?? [] };
  });
}
