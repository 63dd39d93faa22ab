/**
 * Kills the worker that notes failures, and the database that it notes them in; each failed task has one letter and its
 * cause one mail. Kills the worker of their redrive, too.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectPerennial } from '../../client/index.ts';
import { createDeadLetterRecords } from '../../services/dlq/records.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { startTestStack, type TestStack } from '../support/servers/stack.ts';

const TASKS = 200;

let world: TestStack;
let faults: Faults;

beforeAll(async () => {
  world = await startTestStack({
    components: ['temporal', 'postgres', 'inbox', 'worker'],
    env: { OCR_PROCESSES: '1' },
  });
  faults = await createFaults(world);
});
afterAll(async () => {
  await faults.close();
  await world.stop();
});

const one = async <T extends object>(text: string): Promise<T> => (await world.database.query<T>(text)).rows[0]!;
const letters = async (): Promise<number> =>
  (await one<{ n: number }>('select count(*)::int as n from dead_letters')).n;

/** Statements that wait for the table of letters. */
const waitingForLetters = async (): Promise<number> => {
  const text = `select count(*)::int as n from pg_stat_activity
    where wait_event_type = 'Lock' and query ilike '%into dead_letters%'`;
  return (await one<{ n: number }>(text)).n;
};

/** Waits until more is noted than now, and returns how much; the database may be coming back meanwhile. */
async function untilMoreLetters(): Promise<number> {
  const now = await letters().catch(() => 0);
  await expect.poll(() => letters().catch(() => 0), { timeout: 120_000, interval: 10 }).toBeGreaterThan(now);
  return letters();
}

interface Listed {
  readonly messages: readonly { readonly subject: string; readonly copies: number }[];
}

it('DLQ-2 ERR-4 one letter for each failed task and one mail for their cause, whatever is killed meanwhile', async () => {
  const ids = Array.from({ length: TASKS }, (_, n) => `lost-${n}`);
  const task = world.client.task('documents.extractInvoice');
  // The note of a run has begun and waits for the table of letters when its worker dies; looks at the table go on.
  const release = await faults.lockTable('dead_letters', 'writers');
  await Promise.all(ids.slice(0, TASKS / 2).map((id) => task.call({ documentId: randomUUID() }, { id })));
  await expect.poll(waitingForLetters, { timeout: 60_000, interval: 20 }).toBeGreaterThan(0);
  faults.kill('worker');
  await release();
  await Promise.all(ids.slice(TASKS / 2).map((id) => task.call({ documentId: randomUUID() }, { id })));
  for (const victim of ['postgres', 'worker'] as const) {
    const before = await untilMoreLetters();
    faults.kill(victim);
    expect(before).toBeLessThan(TASKS);
  }
  await expect.poll(() => letters().catch(() => 0), { timeout: 120_000, interval: 500 }).toBe(TASKS);
  const due = () => one<{ n: number }>('select count(*)::int as n from dead_letter_notices');
  await expect.poll(due, { timeout: 120_000, interval: 500 }).toEqual({ n: 0 });
  const seen = await one(`select count(distinct task_id)::int as tasks, count(distinct fingerprint)::int as causes,
      count(distinct to_char(failed_at at time zone 'utc', 'YYYY-MM-DD HH24'))::int as hours from dead_letters`);
  const { hours } = seen as { hours: number };
  expect(seen).toEqual({ tasks: TASKS, causes: 1, hours });
  const mails = async (): Promise<Listed['messages']> => {
    const response = await fetch(`${world.stack.addresses.inbox ?? ''}/messages?limit=1000`);
    const { messages } = (await response.json()) as Listed; // what the inbox gives
    return messages.filter(({ subject }) => subject === 'Task Failure: documents.extractInvoice');
  };
  await expect.poll(async () => (await mails()).length, { timeout: 60_000, interval: 500 }).toBe(hours);
});

it('DLQ-3 a redrive of many whose worker is killed twice starts each run once more', async () => {
  const deadLetterRecords = createDeadLetterRecords(world.database);
  const client = await connectPerennial({ address: world.stack.addresses.temporal, deadLetterRecords });
  const redrive = await client.dlq.redriveAll({}, { all: true, perSecond: 40, by: 'a person' });
  const taken = async (): Promise<number> =>
    (await one<{ n: number }>(`select count(*)::int as n from dead_letters where resolution = 'redriven'`)).n;
  for (const share of [TASKS / 5, (3 * TASKS) / 5]) {
    await expect.poll(taken, { timeout: 60_000, interval: 20 }).toBeGreaterThan(share);
    expect(await taken()).toBeLessThan(TASKS);
    faults.kill('worker');
  }
  expect(await redrive.result({ timeoutMs: 120_000 })).toMatchObject({ done: TASKS, failed: 0, taken: 0 });
  expect(await taken()).toBe(TASKS);
  const runs = async (): Promise<number> =>
    (await client.tasks.page({ task: 'documents.extractInvoice' }, { limit: 500 })).items.length;
  await expect.poll(runs, { timeout: 20_000 }).toBe(2 * TASKS);
  await client.close();
});
