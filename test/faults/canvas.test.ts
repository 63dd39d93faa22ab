/** Really kills workers and the Temporal server in the middle of a large chord: nothing is lost, nothing is done twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, chain, compose } from '../support/canvas/signatures.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { eventually } from '../support/tasks.ts';
import { startTestStack, type TestStack, TWO_WORKERS } from '../support/servers/stack.ts';

const MEMBERS = 1_000;
const PAYMENT = 'operations.criticalPaymentProcessing';
const ADD = 'samples.addOne';

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

/** An effect in a table, then a chain in the chain whose result tells the member. */
const member = (n: number) =>
  chain(
    call(PAYMENT, { payment_id: `member-${n}` }),
    chain({ ...call(ADD), args: [n], immutable: true }, chain(call(ADD), call(ADD))),
  );

async function effects(): Promise<readonly string[]> {
  const { rows } = await world.database.query<{ key: string }>(
    `select key from operations_effects where kind = 'payment'`,
  );
  return rows.map(({ key }) => key);
}

async function untilDone(count: number): Promise<void> {
  for (let waited = 0; waited < 240_000; waited += 100) {
    if ((await effects()).length >= count) return;
    await sleep(100);
  }
  throw new TypeError(`expected ${count} effects within 240 s, got ${(await effects()).length}`);
}

describe('a chord of 1,000 members with chains in chains', () => {
  it('CANVAS-3 IDEM-4 outlives kills of workers and server: every body once, results in order', async () => {
    const header = Array.from({ length: MEMBERS }, (_, n) => member(n));
    const link = [{ ...call(PAYMENT, { payment_id: 'body' }), immutable: true }];
    // A group with a join policy is a chord whose body gives back the list, so the order can be seen.
    const joined = compose('group', { tasks: header }, { join: { policy: 'threshold', percent: 100 }, link });
    const run = await world.client.canvas.run(joined, { id: 'killed' });
    await untilDone(100);
    faults.kill('worker-1');
    await untilDone(250);
    faults.kill('temporal');
    await untilDone(500);
    faults.kill('worker-2');
    expect(await run.result({ timeoutMs: 400_000 })).toEqual(header.map((_member, n) => n + 3));
    await untilDone(MEMBERS + 1); // the link goes on by itself
    const keys = await effects();
    // The key of the table is unique; that each is there tells that none was lost.
    expect([...keys].sort()).toEqual(['body', ...header.map((_member, n) => `member-${n}`)].sort());
    await eventually(async () => (await world.client.canvas.progress('killed')).over);
    const { total, succeeded, failed } = await world.client.canvas.progress('killed');
    expect([succeeded, failed]).toEqual([total, 0]);
  });
});
