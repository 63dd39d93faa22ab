/** Kills workers in the middle of effects, and between an effect and the row that notes it; each effect is there once. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFaults, type Faults } from '../support/faults.ts';
import { startTestStack, type TestStack, TWO_WORKERS } from '../support/servers/stack.ts';
import { eventually } from '../support/tasks.ts';

const WORKERS = TWO_WORKERS.map(({ name }) => name);
const PAY = 'operations.processPayment';
const COUNT = 'operations.incrementCounter';

let world: TestStack;
let faults: Faults;

beforeAll(async () => {
  world = await startTestStack({ workers: TWO_WORKERS });
  faults = await createFaults(world);
});
afterAll(async () => {
  await faults.close();
  await world.stop();
});

/** Ends all workers, and waits until others have taken their places. */
async function killWorkers(): Promise<void> {
  const old = WORKERS.map((name) => faults.pidOf(name));
  faults.kill(...WORKERS);
  await eventually(() => WORKERS.every((name, at) => ![undefined, old[at]].includes(world.stack.processes[name]?.pid)));
}

const one = async <T extends object>(text: string): Promise<T | undefined> =>
  (await world.database.query<T>(text)).rows[0];

/** Statements that wait for a lock, by a part of their text; a killed worker leaves its own behind. */
async function waiting(part: string, then = 'true'): Promise<number> {
  const text = `select count(*)::int as n from (select ${then} from pg_stat_activity
    where wait_event_type = 'Lock' and query ilike '%${part}%') as found`;
  return (await one<{ n: number }>(text))?.n ?? 0;
}

const payments = async (): Promise<number> =>
  (await one<{ n: number }>(`select count(*)::int as n from operations_effects where kind = 'processed payment'`))?.n ??
  0;

it('IDEM-2 IDEM-5 calls at the same time on two workers have one effect', async () => {
  const pay = world.client.task(PAY);
  const count = world.client.task(COUNT);
  const results = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const [payment, visit] = await Promise.all([
        pay.call({ payment_id: 'same' }),
        count.call({ counter: 'visits', key: 'same' }),
      ]);
      return [(await payment.result()).status, (await visit.result()).value] as const;
    }),
  );
  expect(results.filter(([status]) => status === 'processed')).toHaveLength(1);
  expect(new Set(results.map(([, value]) => value))).toEqual(new Set([1]));
  expect(await one(`select value::int from operations_counters where name = 'visits'`)).toEqual({ value: 1 });
  expect(await payments()).toBe(1);
});

it('IDEM-2 a worker that is killed in the middle of the effect leaves it to the next one, which has it once', async () => {
  const before = await payments();
  const release = await faults.lockTable('operations_effects');
  const run = await world.client.task(PAY).call({ payment_id: 'in the middle' });
  await expect.poll(() => waiting('into operations_effects'), { timeout: 30_000 }).toBe(1);
  await killWorkers();
  // The statement of the killed worker is still there, as a request to a provider would be.
  expect(await waiting('into operations_effects')).toBeGreaterThan(0);
  await release();
  expect(await run.result({ timeoutMs: 60_000 })).toMatchObject({ status: 'processed' });
  expect(await payments()).toBe(before + 1);
});

it('IDEM-2 IDEM-5 a worker that is killed after the effect, before it is noted, has it again with the same key', async () => {
  const before = await payments();
  const release = await faults.lockTable('operations_effects');
  const run = await world.client.task(PAY).call({ payment_id: 'after' });
  const counted = await world.client.task(COUNT).call({ counter: 'after' });
  await expect.poll(() => waiting('into operations_effects'), { timeout: 30_000 }).toBe(2);
  const releaseLedger = await faults.lockTable('effect_answers');
  await release();
  await expect.poll(() => waiting('update effect_answers set answer'), { timeout: 30_000 }).toBe(2);
  expect(await payments()).toBe(before + 1);
  await killWorkers();
  // What the killed workers wanted to note never comes.
  expect(await waiting('update effect_answers set answer', 'pg_terminate_backend(pid)')).toBe(2);
  await releaseLedger();
  expect(await run.result({ timeoutMs: 60_000 })).toMatchObject({ status: 'processed' });
  expect(await counted.result({ timeoutMs: 60_000 })).toEqual({ counter: 'after', value: 1 });
  const row = await one<{ claims: number }>('select max(claims) as claims from effect_answers');
  expect(row?.claims).toBe(2);
  expect(await payments()).toBe(before + 1);
});
