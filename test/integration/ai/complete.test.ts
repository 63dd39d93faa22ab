/** Questions to models through the real activity, ledger, cache and official client, over a real socket. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aiTasks } from '../../../contracts/ai/tasks.ts';
import { retries } from '../../../contracts/tasks/retries.ts';
import { ModelRefusal } from '../../../stack/inbox/ai/answering.ts';
import { type AiWorld, aiTests } from '../../support/ai.ts';
import { failureOf } from '../../support/email-tests.ts';

const tests = aiTests();
const COMPLETE = 'ai.complete';

const SCHEMA = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 3 } },
  required: ['name', 'age'],
  additionalProperties: false,
};
const usage = () =>
  tests.rows('select request_key, input_tokens::int, output_tokens::int, cost::int from ai_usage order by 1');
const months = () => tests.rows('select spent::int, reserved::int from ai_months');
const ofBody = z.object({ messages: z.array(z.object({ role: z.string(), content: z.string() })) });
const saidTo = ({ asked }: AiWorld) => asked.map(({ body }) => ofBody.parse(body).messages);

describe('a model is asked', () => {
  it('AI-1 RETRY-8 as the Celery task is: by user and prompt, six times with growing delays, on the queue ai', () => {
    expect(aiTasks.complete).toMatchObject({ queue: 'ai.ai', parameters: ['userId', 'prompt'], retry: retries.ai });
    expect(aiTasks.complete.aliases).toContain('app.tasks.ai_tasks.process_ai_request');
    expect(aiTasks.complete.retry).toMatchObject({ attempts: 6, maxDelayMs: 600_000, jitter: 'full' });
  });

  it('AI-1 answers, counts tokens and cost once, and tells nobody who asks', async () => {
    const world = await tests.setUp();
    const answer = await world.run(COMPLETE, { userId: 42, prompt: 'Where is the parcel?', system: 'Be brief.' });
    expect(answer).toMatchObject({ finish: 'stop', model: 'local-chat', cached: false });
    expect(answer).toMatchObject({ text: expect.stringContaining('Where is the parcel?') as string });
    expect(saidTo(world)).toEqual([
      [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Where is the parcel?' },
      ],
    ]);
    expect(JSON.stringify(world.asked)).not.toContain('42');
    const [row] = await usage();
    const { input_tokens: input, output_tokens: output } = z
      .object({ input_tokens: z.int().positive(), output_tokens: z.int().positive() })
      .parse(row);
    expect(row).toMatchObject({ cost: 1_000 * input + 2_000 * output });
    expect(await months()).toEqual([{ spent: row?.['cost'], reserved: 0 }]);
  });

  it('once for the same question: the answer is known, and costs nothing again', async () => {
    const world = await tests.setUp();
    const ask = (workflowId: string, fields: object = {}) =>
      world.run(COMPLETE, { prompt: 'Where?', ...fields }, 1, workflowId);
    const all = await Promise.all(['a', 'b', 'c'].map((id) => ask(id)));
    expect(all.map((one) => z.object({ cached: z.boolean() }).parse(one).cached).sort()).toEqual([false, true, true]);
    expect(world.asked).toHaveLength(1);
    expect(await usage()).toHaveLength(1);
    expect(await ask('d', { fresh: true })).toMatchObject({ cached: false });
    expect(await ask('e', { temperature: 1 })).toMatchObject({ cached: false });
    expect(await usage()).toHaveLength(3);
  });

  it('once for each key: what was answered under it is answered again, and another question is refused', async () => {
    const world = await tests.setUp();
    const ask = (prompt: string) => world.run(COMPLETE, { prompt, requestKey: 'parcel-7', fresh: true });
    await ask('Where?');
    expect(await ask('Where?')).toMatchObject({ cached: true });
    expect(await failureOf(ask('When?'))).toMatchObject({ type: 'EffectKeyReused' });
    expect(world.asked).toHaveLength(1);
    expect(await usage()).toMatchObject([{ request_key: 'parcel-7' }]);
  });

  it('SEC-3 and neither prompt nor answer is in the log, in the ledger or in the cache', async () => {
    const world = await tests.setUp();
    await world.run(COMPLETE, { prompt: 'Ada has a secret' });
    await failureOf(world.run(COMPLETE, { prompt: 'Ada has a secret local:400' }));
    const kept = await tests.rows(
      `select (select json_agg(c)::text from cache_entries c) || (select json_agg(u)::text from ai_usage u)
         || (select string_agg(encode(answer, 'escape'), ' ') from effect_answers) as text`,
    );
    expect(kept[0]?.['text']).toEqual(expect.any(String));
    expect(JSON.stringify(kept) + world.logged.join(' ')).not.toMatch(/secret|Ada/);
  });
});

describe('an answer with a schema', () => {
  it('is JSON that keeps to it', async () => {
    const world = await tests.setUp();
    expect(await world.run(COMPLETE, { prompt: 'Ada', schema: SCHEMA })).toMatchObject({
      json: { name: 'Ada', age: 3 },
    });
  });

  it.each([
    ['other text than JSON', 'local:no-json', 'AiAnswerNotJson'],
    ['other JSON', 'local:other-json', 'AiAnswerMismatch'],
    ['JSON that is cut', 'local:cut', 'AiAnswerCut'],
    ['a refusal', 'local:refuse', 'AiContentRefused'],
  ])('%s fails for good, is paid for, and is not known afterwards', async (_what, word, type) => {
    const world = await tests.setUp();
    const ask = () => world.run(COMPLETE, { prompt: `Ada ${word}`, schema: SCHEMA, requestKey: 'k' });
    expect(await failureOf(ask())).toMatchObject({ type, nonRetryable: true });
    expect(await failureOf(ask())).toMatchObject({ type });
    expect(world.asked).toHaveLength(2);
    expect(await usage()).toMatchObject([
      { cost: expect.any(Number) as number },
      { cost: expect.any(Number) as number },
    ]);
    expect(await months()).toMatchObject([{ reserved: 0 }]);
  });

  it.each([
    ['no schema', { type: 'nothing' }],
    ['a pattern that takes for ever', { type: 'object', properties: { name: { pattern: '^(A*)*$' } } }],
    ['a schema of somewhere else', { $ref: 'https://example.com/schema.json' }],
  ])('%s is refused', async (_what, schema) => {
    const world = await tests.setUp();
    const prompt = `${'A'.repeat(39)}! and so on`;
    const asked = { type: 'object', properties: { name: { type: 'string' } } };
    const wanted =
      'properties' in schema
        ? { ...schema, properties: { name: { ...asked.properties.name, ...schema.properties.name } } }
        : schema;
    expect(await failureOf(world.run(COMPLETE, { prompt, schema: wanted }))).toMatchObject({ type: 'AiSchemaInvalid' });
  });
});

describe('a budget', () => {
  it('stops before it is exceeded, and asks nobody then', async () => {
    const world = await tests.setUp({ monthlyBudget: 0.004 });
    const ask = (n: number) => world.run(COMPLETE, { prompt: `Question ${String(n)}`, maxTokens: 500 });
    const failures: unknown[] = [];
    let asked = 0;
    for (let n = 0; n < 100 && failures.length === 0; n += 1) {
      await ask(n).then(
        () => (asked += 1),
        (error: unknown) => failures.push(error),
      );
    }
    expect(failures).toMatchObject([{ type: 'AiBudgetUsedUp', nonRetryable: true }]);
    expect(asked).toBeGreaterThan(5);
    expect(world.asked).toHaveLength(asked);
    const [sums] = await months();
    expect(sums?.['spent']).toBeLessThanOrEqual(4_000_000);
    expect(sums?.['reserved']).toBe(0);
  });

  it('is kept by calls at the same time too', async () => {
    const world = await tests.setUp({ monthlyBudget: 0.0035 });
    const calls = Array.from({ length: 10 }, (_, n) =>
      world.run(COMPLETE, { prompt: `Question ${String(n)}`, maxTokens: 500 }, 1, `call-${String(n)}`),
    );
    const ended = await Promise.allSettled(calls);
    const refused = ended.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(world.asked).toHaveLength(10 - refused.length);
  });

  it('needs prices: a model without one is not asked', async () => {
    const world = await tests.setUp({ monthlyBudget: 1 });
    expect(await failureOf(world.run(COMPLETE, { prompt: 'x', model: 'other' }))).toMatchObject({
      type: 'AiPriceMissing',
    });
    expect(world.asked).toEqual([]);
  });

  it('gets back what a call of yesterday has kept back, which died', async () => {
    const world = await tests.setUp({ monthlyBudget: 0.002 });
    await world.run(COMPLETE, { prompt: 'x', maxTokens: 10 });
    await tests.rows(
      `insert into ai_usage (tenant, request_key, model, month, reserved, made_at)
       select '', 'dead', 'local-chat', month, 1900000, now() - interval '25 hours' from ai_months`,
    );
    await tests.rows('update ai_months set reserved = 1900000');
    expect(await world.run(COMPLETE, { prompt: 'y', maxTokens: 500 })).toMatchObject({ cached: false });
    expect(await months()).toMatchObject([{ reserved: 0 }]);
  });
});

describe('a provider that fails', () => {
  it.each([
    ['too many requests', 'local:429', 'BackendThrottled', false],
    ['a quota that is used up', 'local:quota', 'BackendAuthFailed', true],
    ['an error of its own', 'local:500', 'BackendFailed', false],
    ['overload', 'local:503', 'BackendThrottled', false],
    ['a wrong key', 'local:401', 'BackendAuthFailed', true],
    ['a refusal', 'local:400', 'BackendRejected', true],
  ])('with %s has its class, and nothing is counted', async (_what, word, type, nonRetryable) => {
    const world = await tests.setUp({ monthlyBudget: 1 });
    const failure = await failureOf(world.run(COMPLETE, { prompt: `Ada ${word}` }));
    expect(failure).toMatchObject({ type, nonRetryable });
    if (word === 'local:429') expect(failure).toMatchObject({ nextRetryDelay: 1_000 });
    expect(await usage()).toEqual([]);
    expect(await months()).toEqual([{ spent: 0, reserved: 0 }]);
  });

  it('and takes the question without an answer, one that is away, one that is slow, and none at all', async () => {
    const hung = await tests.setUp({ script: () => 'take and hang up' });
    expect(await failureOf(hung.run(COMPLETE, { prompt: 'x' }))).toMatchObject({ type: 'BackendUnavailable' });
    expect(hung.asked).toHaveLength(1);
    const away = await tests.setUp({ baseUrl: 'http://127.0.0.1:65533/v1' });
    expect(await failureOf(away.run(COMPLETE, { prompt: 'x' }))).toMatchObject({ type: 'BackendUnavailable' });
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo; // a listening TCP server has one
    const slow = await tests.setUp({ baseUrl: `http://127.0.0.1:${String(port)}/v1`, timeoutMs: 200 });
    expect(await failureOf(slow.run(COMPLETE, { prompt: 'x' }))).toMatchObject({ type: 'BackendTimeout' });
    silent.closeAllConnections();
    silent.close();
    const wrong = await tests.setUp({ apiKey: 'other' });
    expect(await failureOf(wrong.run(COMPLETE, { prompt: 'x' }))).toMatchObject({ type: 'BackendAuthFailed' });
  });

  it('or a worker that dies before the answer is kept: the next attempt asks again and counts once', async () => {
    const world = await tests.setUp();
    const attempt = (number: number) => world.run(COMPLETE, { prompt: 'x' }, number, 'call');
    await attempt(1);
    const before = await months();
    await tests.rows('truncate effect_answers, cache_entries'); // as the death leaves them
    await attempt(2);
    expect(world.asked).toHaveLength(2);
    expect(await usage()).toHaveLength(1);
    expect(await months()).toEqual(before);
  });

  it('once: the next attempt asks again and counts once', async () => {
    let hangUps = 1;
    const world = await tests.setUp({
      script: () => (hangUps-- > 0 ? new ModelRefusal(500, undefined, 'x') : undefined),
    });
    const attempt = (number: number) => world.run(COMPLETE, { prompt: 'x' }, number, 'call');
    await failureOf(attempt(1));
    expect(await attempt(2)).toMatchObject({ cached: false });
    expect(await attempt(3)).toMatchObject({ cached: true });
    expect(await usage()).toHaveLength(1);
  });
});

it.each([
  ['a prompt of 10 MB', { prompt: 'x'.repeat(10_000_000) }, /prompt/],
  [
    'messages of 10 MB',
    { messages: Array.from({ length: 100 }, () => ({ role: 'user', content: 'x'.repeat(100_000) })) },
    /messages/,
  ],
  ['nothing', {}, /prompt/],
  ['both', { prompt: 'x', messages: [{ role: 'user', content: 'x' }] }, /prompt/],
  ['a role that nobody has', { messages: [{ role: 'root', content: 'x' }] }, /role/],
  ['too many tokens', { prompt: 'x', maxTokens: 1_000_000 }, /maxTokens/],
  ['a model that is an address', { prompt: 'x', model: 'a b' }, /model/],
])('%s is refused, and nobody is asked', async (_what, input, told) => {
  const world = await tests.setUp();
  const failure = await failureOf(world.run(COMPLETE, input));
  expect(failure).toMatchObject({ type: 'InvalidInput', nonRetryable: true });
  expect(failure.message).toMatch(told);
  expect(failure.message.length).toBeLessThan(1_000);
  expect(world.asked).toEqual([]);
});
