/** AI through the whole product: the API, and a worker and a provider that are killed in the middle of vectors. */
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { examplesOf } from '../support/docs/page.ts';
import { outputIn } from '../support/docs/shell.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { type Gate, openGate } from '../support/servers/gate.ts';
import { startTestStack, type TestStack, TWO_WORKERS } from '../support/servers/stack.ts';
import { projectDir } from '../../config/project.ts';

const EMBED = 'ai.embed';
const KEY = `sk-${randomBytes(16).toString('hex')}`;
const RESULT = { timeoutMs: 60_000 };

let world: TestStack;
let faults: Faults;
let toProvider: Gate;

beforeAll(async () => {
  toProvider = await openGate(() => world.stack.addresses.inbox ?? '');
  world = await startTestStack({
    components: ['temporal', 'postgres', 'inbox', 'worker', 'api'],
    workers: TWO_WORKERS,
    env: {
      AI_API_KEY: KEY,
      AI_BASE_URL: `${toProvider.url}/v1`,
      AI_MODEL: 'local-chat',
      AI_EMBEDDING_MODEL: 'local-embed',
      AI_PRICES: 'local-chat=1/2,local-embed=0.1/0',
      OCR_PROCESSES: '1',
      RETRY_DELAY_SCALE: '0.05',
    },
  });
  faults = await createFaults(world);
});
afterEach(() => toProvider.cut());
afterAll(async () => {
  await faults.close();
  await world.stop();
  await toProvider.close();
});

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

async function ask(method: string, route: string, body?: object): Promise<Answered> {
  const response = await fetch(`${world.stack.addresses.api ?? ''}${route}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

it('AI-1 AI-2 the API answers, searches and counts for each tenant, and a budget stops', async () => {
  const prompt = 'Which city is in Hamburg?';
  expect(await ask('POST', '/v1/ai/completions?tenant=acme', { prompt })).toMatchObject({
    status: 200,
    body: { cached: false, text: expect.stringContaining('Hamburg') as string },
  });
  expect(await ask('POST', '/v1/ai/completions?tenant=acme', { prompt })).toMatchObject({ body: { cached: true } });
  expect(await ask('POST', '/v1/ai/completions?tenant=other', { prompt })).toMatchObject({ body: { cached: false } });
  const texts = [
    { id: 'parcel', text: 'The parcel left Hamburg on Monday' },
    { id: 'invoice', text: 'The invoice is due in fourteen days' },
  ];
  expect(await ask('POST', '/v1/ai/embeddings?tenant=acme', { collection: 'c', texts })).toMatchObject({
    status: 200,
    body: { made: 2 },
  });
  const query = { collection: 'c', query: 'Where is my parcel?' };
  expect(await ask('POST', '/v1/ai/search?tenant=acme', query)).toMatchObject({
    body: { found: [{ id: 'parcel' }, { id: 'invoice' }] },
  });
  expect(await ask('POST', '/v1/ai/search?tenant=other', query)).toMatchObject({ status: 200, body: { found: [] } });
  expect(await ask('GET', '/v1/ai/usage?tenant=acme')).toMatchObject({
    body: {
      tenant: 'acme',
      monthly: null,
      reserved: '0',
      models: [
        { model: 'local-chat', requests: 1 },
        { model: 'local-embed', requests: 2 },
      ],
    },
  });
  expect(await ask('PATCH', '/v1/ai/budget?tenant=acme', { monthly: '0.0001' })).toMatchObject({
    status: 200,
    body: { tenant: 'acme', monthly: '0.0001' },
  });
  expect(await ask('POST', '/v1/ai/completions?tenant=acme', { prompt: 'Something else' })).toMatchObject({
    status: 402,
  });
  expect(await ask('PATCH', '/v1/ai/budget?tenant=acme', { monthly: null })).toMatchObject({ body: { monthly: null } });
  expect(await ask('POST', '/v1/ai/completions', { prompt: 'Ada local:no-json', schema: {} })).toMatchObject({
    status: 502,
  });
  expect(await ask('POST', '/v1/ai/completions', { prompt: 'x'.repeat(10_000_000) })).toMatchObject({
    status: 400,
    body: { detail: expect.stringMatching(/^.{0,300}prompt.{0,300}$/s) as string },
  });
});

/** The history of a run as text, with its payloads as they stand there. */
async function historyOf(id: string): Promise<string> {
  const connection = await Connection.connect({ address: world.stack.addresses.temporal });
  try {
    const { events } = await new Client({ connection }).workflow.getHandle(id).fetchHistory();
    return JSON.stringify(events, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString() : value,
    );
  } finally {
    await connection.close();
  }
}

it('SEC-3 histories hold neither question nor answer', async () => {
  const run = await world.client.tasks.call('ai.complete', { prompt: 'Ada has a secret' });
  expect(await run.result(RESULT)).toMatchObject({ text: expect.stringContaining('secret') as string });
  const history = await historyOf(run.id);
  expect(history.length).toBeGreaterThan(500);
  expect(history).not.toMatch(/secret/);
});

it('the provider of the local stack answers the command of docs/ai.md', async () => {
  const [example, ...others] = examplesOf('docs/ai.md').filter(({ code }) => code.includes('curl'));
  expect(others).toEqual([]);
  const code = (example?.code ?? '')
    .replace('http://127.0.0.1:8025', world.stack.addresses.inbox ?? '')
    .replace('sk-local-stack', KEY);
  expect(await outputIn(projectDir, code)).toContain('It read 1 words: Hello');
});

const textsOf = (kind: string) =>
  Array.from({ length: 400 }, (_, n) => ({ id: `${kind}-${String(n)}`, text: `${kind} number ${String(n)}` }));
const isBatch = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === 'POST' && path === '/v1/embeddings';
const counted = async (tenant: string) => {
  const { rows } = await world.database.query(
    `select (select count(*)::int from ai_texts where tenant = $1) as texts,
       (select count(*)::int from ai_vectors where tenant = $1) as vectors,
       (select count(*)::int from ai_usage where tenant = $1) as requests,
       (select reserved::int from ai_months where tenant = $1) as reserved,
       (select spent::int from ai_months where tenant = $1) = (select sum(cost)::int from ai_usage where tenant = $1) as same`,
    [tenant],
  );
  return rows;
};
const WHOLE = [{ texts: 400, vectors: 400, requests: 4, reserved: 0, same: true }];

it.each(['worker', 'provider'] as const)(
  'AI-2 IDEM-4 a %s that is killed in the middle leaves each vector made and counted once',
  async (victim) => {
    const earlier = toProvider.passed.filter(isBatch).length;
    // The provider has made the second batch, and nobody hears it.
    toProvider.hold((one) => isBatch(one) && toProvider.passed.filter(isBatch).length > earlier + 1);
    const run = await world.client
      .task('ai.embed')
      .call({ collection: 'c', texts: textsOf(victim) }, { tenant: victim });
    await expect.poll(() => toProvider.passed.filter(isBatch).length, { timeout: 30_000 }).toBe(earlier + 2);
    const [attempt] = await faults.running(run.id, EMBED);
    if (victim === 'worker') process.kill(attempt!.pid, 'SIGKILL');
    else faults.kill('inbox');
    toProvider.cut();
    expect(await run.result(RESULT)).toMatchObject({ model: 'local-embed' });
    const [embedded] = await faults.activities(run.id, EMBED);
    // Attempts that find no provider are made until it is back.
    if (victim === 'worker') expect(embedded).toMatchObject({ attempts: 2, completed: true });
    else expect(embedded?.completed).toBe(true);
    expect(embedded?.attempts).toBeGreaterThan(1);
    expect(await counted(victim)).toEqual(WHOLE);
  },
);
