/** How dead letters are recorded: once, with their notices, whatever dies. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createDeadLetterRecorder } from '../../../services/dlq/recorder.ts';
import { createOldRecords } from '../../../services/housekeeping/old-records.ts';
import { lettersOf } from '../../../workers/dlq/letters.ts';
import { failedRun } from '../../support/dlq.ts';
import { eventually } from '../../support/tasks.ts';
import { brokenTask, fail, keep, useDeadLetters } from './world.ts';

const shared = useDeadLetters();

describe('recording', () => {
  it('is done once, however many processes look and whenever they die', async () => {
    const { script } = brokenTask();
    const others = [keep(shared.world, shared.told), keep(shared.world, shared.told)];
    await shared.world.withWorkers(
      async () => {
        await fail(shared.world, 'once', 1);
        await eventually(() => shared.told.filter(({ letter }) => letter.taskId === 'once').length === 2);
        await Promise.all(others.map((other) => other.close()));
        await shared.keeping.close();
        // As after a death between the row and the mark: the next look finds the run again.
        await shared.world.database.db.query(
          `update dead_letter_mark set looked_until = now() - interval '1 hour', kept_until = now()`,
        );
        shared.keeping = keep(shared.world, shared.told);
        await fail(shared.world, 'twice', 2);
        await eventually(() => shared.told.filter(({ letter }) => letter.taskId === 'twice').length === 2);
        expect(shared.told.filter(({ letter }) => letter.taskId === 'once')).toHaveLength(2);
      },
      { script },
    );
  });

  it('repeats a notice that fails, and only that one', async () => {
    const { script } = brokenTask();
    await shared.keeping.close();
    let failing = 1;
    shared.keeping = keep(shared.world, shared.told, () =>
      failing-- > 0 ? Promise.reject(new Error('not now')) : Promise.resolve(),
    );
    await shared.world.withWorkers(
      async () => {
        await fail(shared.world, 'retold', 1);
        await eventually(() => shared.told.filter(({ letter }) => letter.taskId === 'retold').length === 3);
        const kinds = shared.told.filter(({ letter }) => letter.taskId === 'retold').map(({ kind }) => kind);
        expect(kinds.toSorted()).toEqual(kinds[0] === 'mail' ? ['hook', 'mail', 'mail'] : ['hook', 'hook', 'mail']);
      },
      { script },
    );
  });

  it('RES-2 lists, shows and closes letters', async () => {
    const { script } = brokenTask();
    await shared.world.withWorkers(
      async () => {
        const ids = ['page-1', 'page-2', 'page-3'];
        for (const id of ids) await fail(shared.world, id, 1);
        const first = await shared.world.client.dlq.list({}, { limit: 1 });
        const second = await shared.world.client.dlq.list({}, { limit: 1, after: first.next! });
        const skipped = await shared.world.client.dlq.list({}, { limit: 1, skip: 1 });
        expect(second.items).toEqual(skipped.items);
        expect(second.items[0]?.taskId).not.toBe(first.items[0]?.taskId);
        expect(first.total).toBeGreaterThanOrEqual(3);
        const resolved = await shared.world.client.dlq.resolve('page-1', { by: 'ada', reason: 'done by hand' });
        expect(resolved).toMatchObject({
          resolved: true,
          resolution: 'resolved',
          resolvedBy: 'ada',
          reason: 'done by hand',
        });
        await expect(shared.world.client.dlq.discard('page-1')).rejects.toMatchObject({ type: 'AlreadyResolved' });
        await expect(shared.world.client.dlq.list({ fingerprint: 'x' })).rejects.toThrow('filter.fingerprint');
        await expect(shared.world.client.dlq.list({}, { after: 'x' })).rejects.toThrow('paging.after');
        await expect(shared.world.client.dlq.list({ since: 'soon' })).rejects.toThrow('filter.since');
      },
      { script },
    );
  });

  it('CLEAN-8 keeps open letters, and deletes closed ones when their time is over', async () => {
    const { script } = brokenTask();
    await shared.world.withWorkers(
      async () => {
        for (const id of ['stays-open', 'was-closed']) await fail(shared.world, id, 3);
        await shared.world.client.dlq.discard('was-closed');
        const records = createOldRecords(shared.world.database.db);
        const purge = (before: number) =>
          records.purge({ before: new Date(before), dryRun: false, signal: AbortSignal.timeout(10_000) });
        expect(await purge(Date.now() - 60_000)).toMatchObject({ dead_letters: 0, dead_runs: 0 });
        expect((await purge(Date.now() + 60_000))['dead_letters']).toBeGreaterThanOrEqual(1);
        await expect(shared.world.client.dlq.get('was-closed')).rejects.toThrow('No dead letter');
        expect(await shared.world.client.dlq.get('stays-open')).toMatchObject({ resolved: false });
      },
      { script },
    );
  });

  it('adds nothing when two processes note one run at once, also after the notices were given', async () => {
    const { db } = shared.world.database;
    await shared.keeping.close();
    const recorder = createDeadLetterRecorder(db);
    const letters = lettersOf(failedRun('noted-twice'), 'build-1');
    const noted = await Promise.all([1, 2].map(() => recorder.record('run-of-two', letters, ['mail'])));
    expect(noted.toSorted()).toEqual([false, true]);
    const given: string[] = [];
    const giveAll = async (): Promise<void> => {
      while (await recorder.takeNotice(({ letter }) => Promise.resolve(void given.push(letter.taskId))));
    };
    await giveAll(); // those of the tests before, too
    expect(await recorder.record('run-of-two', letters, ['mail'])).toBe(false);
    await giveAll();
    expect(given.filter((id) => id === 'noted-twice')).toEqual(['noted-twice']);
  });

  it('DLQ-5 quarantines what fails for the third time under one id, as a redriven pipeline does', async () => {
    const recorder = createDeadLetterRecorder(shared.world.database.db);
    const quarantined = [];
    for (const runId of ['first', 'second', 'third']) {
      await recorder.record(`of-one-id-${runId}`, lettersOf(failedRun('of-one-id', { input: { n: 1 } }), 'b'), []);
      quarantined.push((await shared.world.client.dlq.get('of-one-id')).quarantined);
    }
    expect(quarantined).toEqual([false, false, true]);
  });

  it('leaves out a run that another one has started, because that one tells of it', async () => {
    const { script } = brokenTask();
    await shared.world.withWorkers(
      async () => {
        const limits = [{ key: 'one-by-one', concurrency: 1 }];
        const tasks = [{ task: 'samples.addOne', kwargs: { data: 1 }, options: { limits } }];
        const canvas = { task: 'celery.group', kwargs: { tasks } };
        const run = await shared.world.client.canvas.runJson(canvas, { id: 'with-a-child' });
        await run.result().catch(() => undefined);
        await eventually(async () => (await shared.world.client.dlq.list({ workflow: 'runCanvas' })).total === 1);
        const { temporal } = shared.world;
        const failed = temporal.client.workflow.list({
          query: `RootWorkflowId = '${run.id}' AND ExecutionStatus = 'Failed'`,
        });
        const runs = new Map<string, string>();
        for await (const { workflowId, runId } of failed) runs.set(workflowId, runId);
        expect(runs.size, 'the canvas and the run of its call').toBe(2);
        await sleep(2_500); // two more looks
        const recorder = createDeadLetterRecorder(shared.world.database.db);
        const unrecorded = await recorder.unrecorded([...runs.values()]);
        const noted = [...runs].filter(([, runId]) => !unrecorded.has(runId));
        expect(noted.map(([workflowId]) => workflowId)).toEqual([run.id]);
      },
      { script },
    );
  });
});
