/** Dead letters of tasks and canvases, and their redrive, on a real server and a real database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { queues } from '../../../contracts/queues/names.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { eventually, type Script } from '../../support/tasks.ts';
import { brokenTask, fail, letterOf, useDeadLetters } from './world.ts';

const shared = useDeadLetters();

describe('a task that fails for good', () => {
  it('DLQ-2 ERR-3 ERR-5 leaves one row with what failed, and each notice is given once', async () => {
    const script: Script = {
      'samples.addOne': () => Promise.reject(new PerennialError('BackendUnavailable', 'no answer from 10.0.0.7')),
    };
    await shared.world.withWorkers(
      async () => {
        const options = { id: 'dead', tenant: 'acme', queue: 'documents.critical' };
        const run = await shared.world.client.task('samples.addOne').call({ data: 1 }, options);
        await expect(run.result()).rejects.toMatchObject({ type: 'BackendUnavailable' });
        const letter = await letterOf(shared.world, 'dead');
        expect(letter).toMatchObject({
          ...{ taskId: 'dead', taskName: 'samples.addOne', errorType: 'BackendUnavailable' },
          ...{ errorMessage: 'no answer from 10.0.0.7', retryCount: 2, failureClass: 'transient' },
          ...{ tenant: 'acme', queue: 'documents.critical', workflow: 'runTask', version: 'build-1' },
          ...{ requeuedAt: null, resolved: false, quarantined: false, kwargs: { data: '[redacted]' } },
        });
        await eventually(() => shared.told.length === 2);
        expect(shared.told.map(({ kind }) => kind).toSorted()).toEqual(['hook', 'mail']);
        expect({ ...shared.told[0]?.letter, history: [] }).toEqual(letter);
        const { rows } = await shared.world.database.db.query('select * from task_failures where task_id = $1', [
          'dead',
        ]);
        expect(rows).toMatchObject([{ task_name: 'samples.addOne', error_type: 'BackendUnavailable' }]);
      },
      { script },
    );
  });
});

describe('what is not a dead letter', () => {
  it('a task that succeeded in the end, was revoked or expired', async () => {
    let attempts = 0;
    const script: Script = {
      'samples.addOne': ({ data }) => {
        attempts += 1;
        return attempts === 1
          ? Promise.reject(new PerennialError('BackendUnavailable', 'not yet'))
          : Promise.resolve(data + 1);
      },
    };
    const task = shared.world.client.task('samples.addOne');
    const late = await task.call({ data: 1 }, { id: 'late', expires: 0.2 });
    await sleep(500);
    await shared.world.withWorkers(
      async () => {
        await expect(late.result()).rejects.toMatchObject({ type: 'TaskExpired' });
        const revoked = await task.call({ data: 1 }, { id: 'revoked', countdown: 60 });
        await shared.world.client.tasks.get('revoked').revoke();
        await Promise.allSettled([(await task.call({ data: 1 }, { id: 'good' })).result(), revoked.result()]);
        expect(attempts).toBe(2);
        await sleep(2_500); // two looks
        expect(await openIds()).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(late|revoked|good)$/)]));
      },
      { script },
    );
  });
});

const openIds = async (): Promise<readonly string[]> =>
  (await shared.world.client.dlq.list({}, { limit: 500 })).items.map(({ taskId }) => taskId);

describe('redrive of a task', () => {
  it('DLQ-4 runs it again with its input, once for two operators at once, and closes the letter', async () => {
    const { script, mend, calls } = brokenTask();
    await shared.world.withWorkers(
      async () => {
        await fail(shared.world, 'again', 7);
        mend();
        const both = await Promise.allSettled([
          shared.world.client.dlq.redrive('again', { by: 'ada', reason: 'put back' }),
          shared.world.client.dlq.redrive('again', { by: 'bob' }),
        ]);
        const started = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
        expect(started).toHaveLength(1);
        expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { type: 'AlreadyResolved' } });
        expect(await shared.world.client.tasks.get(started[0]!.id).result()).toBe(8);
        expect(calls).toEqual([7, 7]);
        expect(await shared.world.client.dlq.get('again')).toMatchObject({
          ...{ resolved: true, resolution: 'redriven', redrivenAs: started[0]!.id },
        });
        await expect(shared.world.client.dlq.redrive('again')).rejects.toMatchObject({ type: 'AlreadyResolved' });
        await expect(shared.world.client.dlq.redrive('nobody')).rejects.toThrow(
          "No dead letter with the id 'nobody' is known.",
        );
      },
      { script },
    );
  });

  it('takes another input, which is checked; a refused one leaves the letter open, with the reason', async () => {
    const { script, mend } = brokenTask();
    await shared.world.withWorkers(
      async () => {
        await fail(shared.world, 'edited', 1);
        mend();
        await expect(shared.world.client.dlq.redrive('edited', { input: { data: 'x' } })).rejects.toThrow('input.data');
        expect(await shared.world.client.dlq.get('edited')).toMatchObject({ resolved: false, requeuedAt: null });
        expect((await shared.world.client.dlq.get('edited')).reason).toContain('input.data');
        const { id } = await shared.world.client.dlq.redrive('edited', { input: { data: 41 } });
        expect(await shared.world.client.tasks.get(id).result()).toBe(42);
      },
      { script },
    );
  });

  it('parks a task that no longer exists, with the reason, and goes on with the others', async () => {
    const { script, mend } = brokenTask();
    const since = new Date().toISOString();
    await shared.world.withWorkers(
      async () => {
        const { client } = shared.world.temporal;
        await client.workflow.start('runTask', {
          workflowId: 'nameless',
          taskQueue: queues.workflows,
          args: ['no.such', {}],
        });
        await letterOf(shared.world, 'nameless');
        await fail(shared.world, 'known', 1);
        mend();
        const dry = await shared.world.client.dlq.dryRun({ since });
        expect(dry).toMatchObject({ runs: 2, letters: 2, causes: 2, stepsAgain: 2 });
        const redrive = await shared.world.client.dlq.redriveAll({ since }, { by: 'ada' });
        expect(await redrive.result()).toMatchObject({
          ...{ done: 1, failed: 1, left: 0 },
          reasons: [{ workflowId: 'nameless', reason: expect.stringContaining("'no.such'") as string }],
        });
        const { redrivenAs } = await shared.world.client.dlq.get('known');
        expect(await shared.world.client.tasks.get(redrivenAs!).result()).toBe(2);
        expect(await shared.world.client.dlq.get('nameless')).toMatchObject({
          resolved: false,
          errorType: 'UnknownTask',
        });
        expect((await shared.world.client.dlq.get('nameless')).reason).toContain("'no.such'");
        await shared.world.client.dlq.discard('nameless', { by: 'ada', reason: 'a typing error' });
      },
      { script },
    );
  });
});

describe('redrive of a canvas', () => {
  it('DLQ-2 runs only the calls that failed; each has a letter, and all have one cause', async () => {
    let broken = true;
    const calls: number[] = [];
    const script: Script = {
      'samples.addOne': ({ data }) => {
        calls.push(data);
        return broken && data % 10 === 0
          ? Promise.reject(new PerennialError('FileMissing', `/files/${data}.pdf is gone`))
          : Promise.resolve(data + 1);
      },
    };
    await shared.world.withWorkers(
      async () => {
        const tasks = Array.from({ length: 40 }, (_, n) => ({ task: 'samples.addOne', kwargs: { data: n } }));
        const run = await shared.world.client.canvas.runJson(
          { task: 'celery.group', kwargs: { tasks } },
          { id: 'forty' },
        );
        await expect(run.result()).rejects.toThrow();
        await eventually(async () => (await shared.world.client.dlq.list({ workflow: 'runCanvas' })).total === 4);
        const { items } = await shared.world.client.dlq.list({ workflow: 'runCanvas' });
        expect(new Set(items.map(({ fingerprint }) => fingerprint)).size).toBe(1);
        expect(items[0]).toMatchObject({ taskName: 'samples.addOne', workflowId: run.id, retryCount: 0 });
        // Redacted, as in every letter; letters of equal inputs are told apart from others by their checksum.
        expect(items.map(({ kwargs }) => kwargs)).toEqual(items.map(() => ({ data: '[redacted]' })));
        const { fingerprint } = items[0]!;
        expect(await shared.world.client.dlq.causes({ fingerprint })).toMatchObject([{ letters: 4, runs: 1 }]);
        broken = false;
        const dry = await shared.world.client.dlq.dryRun({ fingerprint });
        expect(dry).toMatchObject({ letters: 4, runs: 1, causes: 1, stepsKept: 36, stepsAgain: 4 });
        await (await shared.world.client.dlq.redriveAll({ fingerprint }, { by: 'ada' })).result();
        const { redrivenAs } = await shared.world.client.dlq.get(items[0]!.taskId);
        const results = await shared.world.client.canvas.get(redrivenAs!).result();
        expect(results).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
        expect(calls).toHaveLength(44);
        expect((await shared.world.client.dlq.list({ fingerprint })).total).toBe(0);
      },
      { script },
    );
  });
});

describe('redrive of a pipeline', () => {
  it('starts it again under its own id; the letter names its step', async () => {
    let broken = true;
    const report = { timestamp: '2026-01-01T00:00:00.000Z', status: 'healthy' as const, checks: {} };
    const script: Script = {
      'housekeeping.checkHealth': () =>
        broken ? Promise.reject(new PerennialError('PathNotAllowed', 'no such folder')) : Promise.resolve(report),
      'housekeeping.recordHealth': () => Promise.resolve({ changes: [] }),
    };
    await shared.world.withWorkers(
      async () => {
        const run = await shared.world.client.housekeeping.run('checkHealth');
        await expect(run.result()).rejects.toMatchObject({ type: 'PathNotAllowed' });
        expect(await letterOf(shared.world, run.id)).toMatchObject({
          ...{ workflow: 'healthCheck', taskName: 'housekeeping.checkHealth', errorType: 'PathNotAllowed' },
          ...{ stepPath: 'healthCheck/housekeeping.checkHealth', retryCount: 0, failureClass: 'permanent' },
        });
        broken = false;
        expect(await shared.world.client.dlq.redrive(run.id, { by: 'ada' })).toEqual({
          workflowId: run.id,
          id: run.id,
        });
        expect(await run.result()).toEqual(report);
        await expect(shared.world.client.dlq.redrive(run.id)).rejects.toMatchObject({ type: 'AlreadyResolved' });
      },
      { script },
    );
  });
});

describe('the same input that fails in the same way', () => {
  it('DLQ-5 is in quarantine after the third time, and is redriven only when that is asked for', async () => {
    const { script, mend } = brokenTask('page 3 of /a/b.pdf');
    await shared.world.withWorkers(
      async () => {
        let id = 'poison';
        expect(await fail(shared.world, id, 13)).toMatchObject({ quarantined: false });
        for (const quarantined of [false, true]) {
          ({ id } = await shared.world.client.dlq.redrive(id));
          expect(await letterOf(shared.world, id)).toMatchObject({ quarantined });
        }
        const { fingerprint } = await shared.world.client.dlq.get(id);
        mend();
        const redriven = async (quarantined: boolean) =>
          (await shared.world.client.dlq.redriveAll({ fingerprint }, { quarantined })).result();
        expect(await redriven(false)).toMatchObject({ done: 0, quarantined: 1 });
        expect(await redriven(true)).toMatchObject({ done: 1, quarantined: 0 });
        const { redrivenAs } = await shared.world.client.dlq.get(id);
        expect(await shared.world.client.tasks.get(redrivenAs!).result()).toBe(14);
      },
      { script },
    );
  });
});

describe('what kills its worker', () => {
  it('DLQ-5 is in quarantine from the first time', async () => {
    const script: Script = {
      'samples.addOne': () => Promise.reject(new PerennialError('PageMemoryLimit', 'took 2 GB')),
    };
    await shared.world.withWorkers(
      async () => {
        expect(await fail(shared.world, 'killer', 99)).toMatchObject({ quarantined: true, failureClass: 'poison' });
      },
      { script },
    );
  });
});
