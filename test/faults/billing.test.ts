/** Kills the worker, the provider and the API in the middle of payments: each refund is made once, each event applied once. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { WEBHOOK_PATH } from '../../contracts/billing/vocabulary.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { type Gate, openGate } from '../support/servers/gate.ts';
import { startTestStack, type TestStack, TWO_WORKERS } from '../support/servers/stack.ts';

const REFUND = 'billing.refund';
const KEY = `sk_test_${randomBytes(16).toString('hex')}`;
const RESULT = { timeoutMs: 60_000 };

let world: TestStack;
let faults: Faults;
let toProvider: Gate;
let toApi: Gate;

beforeAll(async () => {
  toProvider = await openGate(() => world.stack.addresses.inbox ?? '');
  toApi = await openGate(() => world.stack.addresses.api ?? '');
  world = await startTestStack({
    components: ['temporal', 'postgres', 'inbox', 'worker', 'api'],
    workers: TWO_WORKERS,
    env: {
      STRIPE_SECRET_KEY: KEY,
      STRIPE_WEBHOOK_SECRET: `whsec_${randomBytes(16).toString('hex')}`,
      STRIPE_API_URL: toProvider.url,
      PUBLIC_URL: toApi.url,
      OCR_PROCESSES: '1',
    },
  });
  faults = await createFaults(world);
});
afterEach(() => {
  toProvider.cut();
  toApi.cut();
});
afterAll(async () => {
  await faults.close();
  await world.stop();
  await toProvider.close();
  await toApi.close();
});

const madeSchema = z.object({ id: z.string() });
const listSchema = z.object({
  data: z.array(z.object({ id: z.string(), amount: z.int(), metadata: z.record(z.string(), z.string()) })),
});

/** Asks the provider itself, past the gate. */
async function ask(path: string, fields?: Readonly<Record<string, string>>): Promise<unknown> {
  const response = await fetch(`${world.stack.addresses.inbox ?? ''}/v1/${path}`, {
    headers: { authorization: `Bearer ${KEY}` },
    ...(fields === undefined ? {} : { method: 'POST', body: new URLSearchParams(fields) }),
  });
  expect(response.status).toBe(200);
  return response.json();
}

/** A charge of 50 EUR, of which a call gives 12.50 back: twice would be possible. */
async function refundOf(refundKey: string) {
  const customer = madeSchema.parse(await ask('customers', { name: 'Ada' })).id;
  const charge = madeSchema.parse(await ask('charges', { customer, amount: '5000', currency: 'eur' })).id;
  const input = { customerId: customer, chargeId: charge, amount: '12.50', currency: 'eur', refundKey };
  const call = () => world.client.tasks.call(REFUND, input);
  const refunds = async () => listSchema.parse(await ask(`refunds?charge=${charge}`)).data;
  return { call, refunds };
}

const isRefund = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === 'POST' && path === '/v1/refunds';
const madeRefunds = () => toProvider.passed.filter((one) => isRefund(one) && one.status === 200);

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

it('BILL-4 IDEM-4 a worker that is killed when the provider has taken the refund leaves it to another one: one refund', async () => {
  const { call, refunds } = await refundOf('worker');
  toProvider.hold(isRefund);
  const run = await call();
  await expect.poll(() => madeRefunds().length, { timeout: 30_000 }).toBe(1);
  const [before] = await refunds();
  const [attempt, ...others] = await faults.running(run.id, REFUND);
  expect(others).toEqual([]);
  process.kill(attempt!.pid, 'SIGKILL');
  await expect.poll(() => isGone(attempt!.pid)).toBe(true);
  expect(madeRefunds()).toMatchObject([{ isAnswered: false }]);
  toProvider.cut();
  expect(await run.result(RESULT)).toMatchObject({ status: 'succeeded', refund_id: before?.id, amount: '12.50' });
  expect(await faults.activities(run.id, REFUND)).toMatchObject([{ attempts: 2, completed: true }]);
  expect(await refunds()).toMatchObject([{ id: before?.id, amount: 1_250 }]);
  expect(await (await call()).result(RESULT)).toMatchObject({ refund_id: before?.id, repeated: true });
});

it('BILL-4 IDEM-4 a provider that is killed when it has taken the refund, and started again, has one refund', async () => {
  const { call, refunds } = await refundOf('provider');
  const earlier = madeRefunds().length;
  toProvider.hold(isRefund);
  const run = await call();
  await expect.poll(() => madeRefunds().length, { timeout: 30_000 }).toBe(earlier + 1);
  const [before] = await refunds();
  const old = faults.pidOf('inbox');
  faults.kill('inbox');
  await expect.poll(() => isGone(old)).toBe(true);
  toProvider.cut();
  expect(await run.result(RESULT)).toMatchObject({ status: 'succeeded', refund_id: before?.id, amount: '12.50' });
  expect(faults.pidOf('inbox')).not.toBe(old);
  expect(await refunds()).toMatchObject([{ id: before?.id, amount: 1_250 }]);
});

const eventSchema = z.object({ id: z.string(), data: z.object({ object: z.object({ id: z.string() }) }) });

/** What the API was told of objects: each event with the statuses of its answers, in their order. */
function toldOf(objects: ReadonlySet<string>): ReadonlyMap<string, readonly (number | undefined)[]> {
  const told = new Map<string, (number | undefined)[]>();
  for (const { path, body, status, isAnswered } of toApi.passed) {
    if (path !== WEBHOOK_PATH) continue;
    const { id, data } = eventSchema.parse(JSON.parse(body));
    if (!objects.has(data.object.id)) continue;
    told.set(id, [...(told.get(id) ?? []), isAnswered ? status : undefined]);
  }
  return told;
}

async function customers(count: number): Promise<ReadonlySet<string>> {
  const made = Array.from({ length: count }, async (_, n) => ask('customers', { name: `customer ${String(n)}` }));
  return new Set(
    z
      .array(madeSchema)
      .parse(await Promise.all(made))
      .map(({ id }) => id),
  );
}

const stored = async (told: ReadonlyMap<string, unknown>) =>
  (
    await world.database.query<{ state: string; times: number }>(
      `select state, count(*)::int as times from billing_events where event_id = any($1::text[]) group by state`,
      [[...told.keys()]],
    )
  ).rows;

it('BILL-1 IDEM-4 events are told until the API has them, which is killed before it stored some and after it stored others', async () => {
  const COUNT = 10;
  // Of the first, the API has answered when it dies, and nobody heard the answer.
  toApi.hold(({ path }) => path === WEBHOOK_PATH);
  const first = await customers(COUNT);
  await expect.poll(async () => stored(toldOf(first))).toEqual([{ state: 'pending', times: COUNT }]);
  // Of the second, nothing can be stored when it dies, and no answer is kept back.
  toApi.hold(() => false);
  const release = await faults.lockTable('billing_events');
  const second = await customers(COUNT);
  await expect.poll(() => toldOf(second).size).toBe(COUNT);
  const old = faults.pidOf('api');
  faults.kill('api');
  await expect.poll(() => isGone(old)).toBe(true);
  toApi.cut();
  await release();
  const all = new Set([...first, ...second]);
  const isHeard = () => [...toldOf(all).values()].every((answers) => answers.at(-1) === 204);
  await expect.poll(isHeard, { timeout: 30_000 }).toBe(true);
  expect(faults.pidOf('api')).not.toBe(old);
  const told = toldOf(all);
  expect(told.size).toBe(2 * COUNT);
  // Each was told without an answer first, and not again after the first good one.
  for (const answers of told.values()) {
    expect(answers.length).toBeGreaterThan(1);
    expect(answers.filter((status) => status === 204)).toHaveLength(1);
  }
  expect(await stored(told)).toEqual([{ state: 'pending', times: 2 * COUNT }]);
  const process = async () => (await world.client.tasks.call('billing.processPendingWebhooks', {})).result(RESULT);
  expect(await process()).toMatchObject({ unknown: 0, unreadable: 0 });
  expect(await process()).toEqual({ applied: 0, outdated: 0, unknown: 0, unreadable: 0 });
  expect(await stored(told)).toEqual([{ state: 'applied', times: 2 * COUNT }]);
  const { rows } = await world.database.query(
    `select status, count(*)::int as times from billing_objects where object_id = any($1::text[]) group by status`,
    [[...all]],
  );
  expect(rows).toEqual([{ status: 'active', times: 2 * COUNT }]);
});
