/** Vectors of texts through the real activity, database and official client, over a real socket. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aiTasks } from '../../../contracts/ai/tasks.ts';
import { retries } from '../../../contracts/tasks/retries.ts';
import { createVectorStore } from '../../../services/ai/vectors.ts';
import { ModelRefusal } from '../../../stack/inbox/ai/answering.ts';
import { type AiWorld, aiTests } from '../../support/ai.ts';
import { failureOf } from '../../support/email-tests.ts';

const tests = aiTests();
const EMBED = 'ai.embed';
const SEARCH = 'ai.search';

const textsOf = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({ id: `t-${String(from + n)}`, text: `Text number ${String(from + n)}` }));
const inputOf = z.object({ input: z.array(z.string()) });
const batchesOf = ({ asked }: AiWorld) => asked.map(({ body }) => inputOf.parse(body).input.length);
const counted = async () =>
  (
    await tests.rows(
      'select count(*)::int as rows, sum(cost)::int as cost, sum(input_tokens)::int as tokens from ai_usage',
    )
  )[0];
const known = async () => (await tests.rows('select count(*)::int as known from ai_vectors'))[0]?.['known'];
const months = () => tests.rows('select spent::int, reserved::int from ai_months');

describe('vectors', () => {
  it('AI-2 RETRY-8 is the Celery task: six attempts with growing delays, on the queue ai', () => {
    expect(aiTasks.embed).toMatchObject({ queue: 'ai.ai', retry: retries.ai });
    expect(aiTasks.embed.aliases).toContain('app.tasks.ai_tasks.generate_embeddings');
  });

  it('AI-2 are made in batches, each content once, and counted once', async () => {
    const world = await tests.setUp();
    const texts = [...textsOf(300), { id: 'again', text: 'Text number 0' }];
    expect(await world.run(EMBED, { collection: 'manuals', texts })).toMatchObject({ made: 300, known: 1 });
    expect(batchesOf(world)).toEqual([128, 128, 44]);
    const first = await counted();
    expect(first).toMatchObject({ rows: 3 });
    expect(await months()).toEqual([{ spent: first?.['cost'], reserved: 0 }]);
    expect(
      await world.run(EMBED, { collection: 'other', texts: [...textsOf(300), { id: 'new', text: 'New' }] }),
    ).toMatchObject({
      made: 1,
      known: 300,
      cost: '0.0000001',
    });
    expect(batchesOf(world)).toEqual([128, 128, 44, 1]);
    expect(await known()).toBe(301);
  });

  it('once: a second attempt makes what is missing, and a batch that was made is not counted again', async () => {
    let calls = 0;
    const world = await tests.setUp({
      script: () => ((calls += 1) === 2 ? new ModelRefusal(500, undefined, 'x') : undefined),
    });
    const attempt = (number: number) => world.run(EMBED, { collection: 'c', texts: textsOf(300) }, number, 'call');
    expect(await failureOf(attempt(1))).toMatchObject({ type: 'BackendFailed', nonRetryable: false });
    expect(await known()).toBe(128);
    expect(await attempt(2)).toMatchObject({ made: 172, known: 128 });
    expect(batchesOf(world)).toEqual([128, 128, 128, 44]);
    expect(await counted()).toMatchObject({ rows: 3 });
    expect(await months()).toMatchObject([{ reserved: 0 }]);
  });

  it('stop in the middle when the budget is used up: what was made is kept, and the rest is made when it is raised', async () => {
    const world = await tests.setUp({ monthlyBudget: 0.00042 });
    const attempt = (number: number) => world.run(EMBED, { collection: 'c', texts: textsOf(300) }, number, 'call');
    expect(await failureOf(attempt(1))).toMatchObject({ type: 'AiBudgetUsedUp', nonRetryable: true });
    const before = await known();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(300);
    const [sums] = await months();
    expect(sums?.['spent']).toBeLessThanOrEqual(420_000);
    expect(sums?.['reserved']).toBe(0);
    await tests.rows(`insert into ai_budgets (tenant, monthly) values ('', 1000000000)`);
    expect(await attempt(1)).toMatchObject({ known: before });
    expect(await known()).toBe(300);
  });

  it('SEC-3 keep no text, neither in the database nor in the log', async () => {
    const world = await tests.setUp();
    await world.run(EMBED, { collection: 'c', texts: [{ id: '1', text: 'Ada has a secret' }] });
    const kept = await tests.rows('select v::text, t::text, u::text from ai_vectors v, ai_texts t, ai_usage u');
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept) + world.logged.join(' ')).not.toMatch(/secret|Ada/);
  });

  it.each([
    [
      'an id twice',
      {
        collection: 'c',
        texts: [
          { id: '1', text: 'x' },
          { id: '1', text: 'y' },
        ],
      },
      /texts/,
    ],
    ['no text', { collection: 'c', texts: [] }, /texts/],
    ['too many', { collection: 'c', texts: textsOf(1_001) }, /texts/],
    ['10 MB', { collection: 'c', texts: textsOf(100).map(({ id }) => ({ id, text: 'x'.repeat(100_000) })) }, /texts/],
    ['a collection that is a path', { collection: '../c', texts: textsOf(1) }, /collection/],
  ])('%s is refused, and nobody is asked', async (_what, input, told) => {
    const world = await tests.setUp();
    const failure = await failureOf(world.run(EMBED, input));
    expect(failure).toMatchObject({ type: 'InvalidInput', nonRetryable: true });
    expect(failure.message).toMatch(told);
    expect(world.asked).toEqual([]);
  });
});

const TEXTS = [
  { id: 'parcel', text: 'The parcel left Hamburg on Monday and arrives on Tuesday' },
  { id: 'invoice', text: 'The invoice is due in fourteen days' },
  { id: 'weather', text: 'Rain is expected in the north' },
];
const foundOf = z.object({ found: z.array(z.object({ id: z.string(), score: z.number() })) });

describe('a search', () => {
  it('finds the nearest first, in its collection alone, and asks for the vector of a text once', async () => {
    const world = await tests.setUp();
    await world.run(EMBED, { collection: 'c', texts: TEXTS });
    await world.run(EMBED, { collection: 'other', texts: [{ id: 'x', text: 'When does the parcel arrive?' }] });
    const ask = async (query: string, fields: object = {}) =>
      foundOf.parse(await world.run(SEARCH, { collection: 'c', query, ...fields })).found;
    const found = await ask('When does my parcel arrive?');
    expect(found.map(({ id }) => id)).toEqual(['parcel', expect.any(String), expect.any(String)]);
    expect(found[0]?.score).toBeGreaterThan(0.1);
    expect((await ask('due invoices')).at(0)?.id).toBe('invoice');
    const [same] = await ask(TEXTS[2]!.text, { limit: 1 });
    expect(same).toEqual({ id: 'weather', score: expect.closeTo(1, 5) as number });
    const asked = world.asked.length;
    await ask('due invoices');
    expect(world.asked).toHaveLength(asked);
    expect(await ask('due invoices', { limit: 2 })).toHaveLength(2);
  });

  it('follows a text whose content changes', async () => {
    const world = await tests.setUp();
    await world.run(EMBED, { collection: 'c', texts: TEXTS });
    await world.run(EMBED, { collection: 'c', texts: [{ id: 'weather', text: 'The sun shines' }] });
    const [first] = foundOf.parse(await world.run(SEARCH, { collection: 'c', query: 'sun' })).found;
    expect(first?.id).toBe('weather');
  });

  it('sees nothing of another tenant or model', async () => {
    const world = await tests.setUp();
    await world.run(EMBED, { collection: 'c', texts: TEXTS });
    const store = createVectorStore(tests.test.db);
    const vector = Array.from({ length: 256 }, () => 1 / 16);
    const near = (space: { tenant: string; model: string }) =>
      store.nearest({ ...space, collection: 'c', vector, limit: 10 });
    expect(await near({ tenant: '', model: 'local-embed' })).toHaveLength(3);
    expect(await near({ tenant: 'acme', model: 'local-embed' })).toEqual([]);
    expect(await near({ tenant: '', model: 'other' })).toEqual([]);
  });
});
