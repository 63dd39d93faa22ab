/** Really kills workers while a canvas waits for a person, and while it undoes what it has done. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, chain } from '../support/canvas/signatures.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { startTestStack, type TestStack } from '../support/servers/stack.ts';
import { eventually } from '../support/tasks.ts';

const PAYMENT = 'operations.criticalPaymentProcessing';
const WORKERS = ['worker-1', 'worker-2'] as const;

let world: TestStack;
let faults: Faults;

beforeAll(async () => {
  world = await startTestStack({ workers: WORKERS.map((name) => ({ name, fleet: 'all' })) });
  faults = await createFaults(world);
});
afterAll(async () => {
  await faults.close();
  await world.stop();
});

const pay = (id: string) => ({ ...call(PAYMENT, { payment_id: id }), immutable: true });

/** The effects of payments whose ids begin so. */
async function effects(prefix: string): Promise<readonly string[]> {
  const { rows } = await world.database.query<{ key: string }>(
    `select key from operations_effects where kind = 'payment' and starts_with(key, $1) order by key`,
    [prefix],
  );
  return rows.map(({ key }) => key);
}

/** Ends all workers, and waits until others have taken their places. */
async function killWorkers(): Promise<void> {
  const old = WORKERS.map((name) => faults.pidOf(name));
  faults.kill(...WORKERS);
  await eventually(() => WORKERS.every((name, at) => ![undefined, old[at]].includes(world.stack.processes[name]?.pid)));
}

describe('a canvas that waits for a person', () => {
  it('still waits when all workers are killed, and goes on when somebody approves', async () => {
    const ask = call('perennial.approval', { message: 'Pay it?', timeout: 3_600 });
    const { canvas } = world.client;
    const run = await canvas.run(chain(pay('asked-before'), ask, pay('asked-after')), { id: 'asks' });
    await eventually(async () => (await canvas.approvals('asks')).length === 1);
    const [before] = await canvas.approvals('asks');
    await killWorkers();
    await eventually(async () => (await canvas.approvals('asks').catch(() => [])).length === 1, 60_000);
    expect(await canvas.approvals('asks')).toEqual([before]);
    expect(await effects('asked-')).toEqual(['asked-before']);
    await canvas.approve('asks', 'root/1', { by: 'Ada' });
    expect(await run.result({ timeoutMs: 60_000 })).toMatchObject({ payment_id: 'asked-after' });
    expect(await effects('asked-')).toEqual(['asked-after', 'asked-before']);
    for (const { attempts } of await faults.activities(run.id, PAYMENT)) expect(attempts).toBe(1);
  });
});

describe('a canvas that undoes what it has done', () => {
  it('WORK-17 goes on undoing when all workers are killed meanwhile; each compensation has its effect once', async () => {
    const undoable = (n: number) => {
      const options = { compensate: pay(`undo-${n}`) };
      return { ...pay(`do-${n}`), options };
    };
    const ask = call('perennial.approval', { message: 'Keep it?' });
    const { canvas } = world.client;
    const run = await canvas.run(chain(undoable(1), undoable(2), undoable(3), ask), { id: 'undoes' });
    await eventually(async () => (await canvas.approvals('undoes')).length === 1);
    const release = await faults.lockTable('operations_effects');
    try {
      await canvas.reject('undoes', 'root/3', { by: 'Ada' });
      await faults.untilStep(run.id, PAYMENT);
      await killWorkers();
    } finally {
      await release();
    }
    await expect(run.result({ timeoutMs: 120_000 })).rejects.toThrow('3 of 3 calls undone');
    expect(await effects('undo-')).toEqual(['undo-1', 'undo-2', 'undo-3']);
    const done = (await faults.activities(run.id, PAYMENT)).slice(3);
    const keys = done.map(({ input }) => (input as { payment_id: string }).payment_id);
    expect(keys).toEqual(['undo-3', 'undo-2', 'undo-1']);
    // The one that was under way ran again.
    expect(done.map(({ attempts }) => attempts > 1)).toEqual([true, false, false]);
    expect(await effects('do-')).toHaveLength(3);
  });
});
