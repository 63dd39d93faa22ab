/** How dead letters are recorded: once, with their notices, whatever dies. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOldRecords } from '../../../services/housekeeping/old-records.ts';
import { eventually, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';
import { brokenTask, fail, keep, type Told } from './world.ts';

let world: TaskWorld;
let told: Told[];
let keeping: { close(): Promise<void> };

beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  told = [];
  keeping = keep(world, told);
});
afterEach(() => keeping.close());

describe('recording', () => {
  it('is done once, however many processes look and whenever they die', async () => {
    const { script } = brokenTask();
    const others = [keep(world, told), keep(world, told)];
    await world.withWorkers(
      async () => {
        await fail(world, 'once', 1);
        await eventually(() => told.filter(({ letter }) => letter.taskId === 'once').length === 2);
        await Promise.all(others.map((other) => other.close()));
        await keeping.close();
        // As after a death between the row and the mark: the next look finds the run again.
        await world.database.db.query(
          `update dead_letter_mark set looked_until = now() - interval '1 hour', kept_until = now()`,
        );
        keeping = keep(world, told);
        await fail(world, 'twice', 2);
        await eventually(() => told.filter(({ letter }) => letter.taskId === 'twice').length === 2);
        expect(told.filter(({ letter }) => letter.taskId === 'once')).toHaveLength(2);
      },
      { script },
    );
  });

  it('repeats a notice that fails, and only that one', async () => {
    const { script } = brokenTask();
    await keeping.close();
    let failing = 1;
    keeping = keep(world, told, () => (failing-- > 0 ? Promise.reject(new Error('not now')) : Promise.resolve()));
    await world.withWorkers(
      async () => {
        await fail(world, 'retold', 1);
        await eventually(() => told.filter(({ letter }) => letter.taskId === 'retold').length === 3);
        const kinds = told.filter(({ letter }) => letter.taskId === 'retold').map(({ kind }) => kind);
        expect(kinds.toSorted()).toEqual(kinds[0] === 'mail' ? ['hook', 'mail', 'mail'] : ['hook', 'hook', 'mail']);
      },
      { script },
    );
  });

  it('RES-2 lists, shows and closes letters', async () => {
    const { script } = brokenTask();
    await world.withWorkers(
      async () => {
        const ids = ['page-1', 'page-2', 'page-3'];
        for (const id of ids) await fail(world, id, 1);
        const first = await world.client.dlq.list({}, { limit: 1 });
        const second = await world.client.dlq.list({}, { limit: 1, after: first.next! });
        const skipped = await world.client.dlq.list({}, { limit: 1, skip: 1 });
        expect(second.items).toEqual(skipped.items);
        expect(second.items[0]?.taskId).not.toBe(first.items[0]?.taskId);
        expect(first.total).toBeGreaterThanOrEqual(3);
        const resolved = await world.client.dlq.resolve('page-1', { by: 'ada', reason: 'done by hand' });
        expect(resolved).toMatchObject({
          resolved: true,
          resolution: 'resolved',
          resolvedBy: 'ada',
          reason: 'done by hand',
        });
        await expect(world.client.dlq.discard('page-1')).rejects.toMatchObject({ type: 'AlreadyResolved' });
        await expect(world.client.dlq.list({ fingerprint: 'x' })).rejects.toThrow('filter.fingerprint');
        await expect(world.client.dlq.list({}, { after: 'x' })).rejects.toThrow('paging.after');
        await expect(world.client.dlq.list({ since: 'soon' })).rejects.toThrow('filter.since');
      },
      { script },
    );
  });

  it('CLEAN-8 keeps open letters, and deletes closed ones when their time is over', async () => {
    const { script } = brokenTask();
    await world.withWorkers(
      async () => {
        for (const id of ['stays-open', 'was-closed']) await fail(world, id, 3);
        await world.client.dlq.discard('was-closed');
        const records = createOldRecords(world.database.db);
        const purge = (before: number) =>
          records.purge({ before: new Date(before), dryRun: false, signal: AbortSignal.timeout(10_000) });
        expect(await purge(Date.now() - 60_000)).toMatchObject({ dead_letters: 0, dead_runs: 0 });
        expect((await purge(Date.now() + 60_000))['dead_letters']).toBeGreaterThanOrEqual(1);
        await expect(world.client.dlq.get('was-closed')).rejects.toThrow('No dead letter');
        expect(await world.client.dlq.get('stays-open')).toMatchObject({ resolved: false });
      },
      { script },
    );
  });
});
