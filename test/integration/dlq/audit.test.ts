/** Audits on a real server and database: each difference is caused, and seen to be named. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queues } from '../../../contracts/queues/names.ts';
import { PermanentError } from '../../../contracts/failures/task-errors.ts';
import { taskWorkflows } from '../../../contracts/tasks/definition.ts';
import { eventually, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';
import { keep } from './world.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const fails = { 'samples.upperCase': () => Promise.reject(new PermanentError('wrong')) };

/** What an audit finds of an id. */
async function kindsOf(id: string): Promise<readonly string[]> {
  const { differences } = await world.client.audit.report({ graceSeconds: 0 });
  return differences.filter((one) => one.id === id || one.workflowId === id).map(({ kind }) => kind);
}

const untilFound = (id: string, kinds: readonly string[]): Promise<void> =>
  expect.poll(() => kindsOf(id), { timeout: 20_000 }).toEqual(kinds);

/** Starts a run under an id, whatever it does. */
async function start(workflowId: string): Promise<void> {
  const options = { workflowId, taskQueue: queues.workflows, args: ['samples.add', { a: 1, b: 2 }] };
  await world.temporal.client.workflow.start(taskWorkflows.runTask, options);
}

/** Makes the server forget a run, as one that was restored from an old backup has. */
async function lose(workflowId: string): Promise<void> {
  const { workflowService, options } = world.temporal.client;
  await workflowService.deleteWorkflowExecution({ namespace: options.namespace, workflowExecution: { workflowId } });
}

/** Fails a task for good, and waits until its letter is noted. */
async function withLetter(id: string): Promise<void> {
  const task = await world.client.task('samples.upperCase').call({ data: 'a' }, { id });
  await expect(task.result()).rejects.toThrow('wrong');
  const keeping = keep(world);
  await eventually(() =>
    world.client.dlq.get(id).then(
      () => true,
      () => false,
    ),
  );
  await keeping.close();
}

const addBatch = (id: string) =>
  world.database.db.query(
    `insert into batches (id, options, status, created_at) values ($1, '{}', 'running', now() - interval '1 minute')`,
    [id],
  );

describe('an audit', () => {
  it('finds nothing where every job is finished, alive or a dead letter, and counts them', async () => {
    await world.withWorkers(
      async () => {
        await (await world.client.task('samples.add').call({ a: 1, b: 2 })).result();
        await withLetter('noted');
        await world.client.task('samples.add').call({ a: 1, b: 2 }, { countdown: 3_600 });
      },
      { script: fails },
    );
    await eventually(async () => (await world.client.audit.report()).runs.accepted === 3);
    const report = await world.client.audit.report({ graceSeconds: 0 });
    expect(report).toMatchObject({
      runs: { accepted: 3, alive: 1, completed: 1, failed: 1, stopped: 0, continued: 0 },
      checked: { failures: 1, recent: 0, letters: 1, rows: 0 },
      differences: [],
      leftOff: 0,
    });
    // What is younger than the grace may be on its way.
    expect((await world.client.audit.report()).checked).toMatchObject({ failures: 0, recent: 1 });
    const later = { since: new Date(Date.now() + 60_000).toISOString(), graceSeconds: 0 };
    expect((await world.client.audit.report(later)).runs.accepted).toBe(0);
  });

  it('names a failure without a letter, until it has one', async () => {
    await world.withWorkers(
      async () => {
        const task = await world.client.task('samples.upperCase').call({ data: 'a' }, { id: 'unnoted' });
        await expect(task.result()).rejects.toThrow('wrong');
        await untilFound('unnoted', ['failure without a letter']);
        const keeping = keep(world);
        await untilFound('unnoted', []);
        await keeping.close();
      },
      { script: fails },
    );
  });

  it('names an open letter of a run that succeeded afterwards', async () => {
    await world.withWorkers(
      async () => {
        await withLetter('succeeded');
        await start('succeeded');
        await untilFound('succeeded', ['letter of a run that succeeded']);
        await world.client.dlq.resolve('succeeded', { reason: 'it has succeeded' });
        await untilFound('succeeded', []);
      },
      { script: fails },
    );
  });

  it('names a redriven letter whose run is lost', async () => {
    await world.withWorkers(
      async () => {
        await withLetter('redriven');
        const { id } = await world.client.dlq.redrive('redriven');
        await expect(world.client.tasks.get(id).result()).rejects.toThrow('wrong');
        expect(await kindsOf(id)).not.toContain('redriven letter without a run');
        await lose(id);
        await expect.poll(() => kindsOf('redriven'), { timeout: 20_000 }).toEqual(['redriven letter without a run']);
      },
      { script: fails },
    );
  });

  it('names a running row whose run is over, and one whose run is lost', async () => {
    await addBatch('over');
    await start('over');
    await untilFound('over', []);
    await world.temporal.client.workflow.getHandle('over').terminate('a test');
    await untilFound('over', ['row of an ended run']);
    await lose('over');
    await untilFound('over', ['row without a run']);
    await world.database.db.query(`update batches set status = 'gone', finished_at = now() where id = 'over'`);
    await untilFound('over', []);
  });

  it('goes through all pages, names as many as it is asked for and counts the rest', async () => {
    await world.database.db.query('truncate dead_letters cascade');
    await world.database.db.query(
      `insert into batches (id, options, status, created_at)
       select 'page-' || n, '{}', 'running', now() - interval '1 minute' from generate_series(1, 600) n`,
    );
    const report = await world.client.audit.report({ limit: 10 });
    expect(report.checked.rows).toBe(600);
    expect(report.differences).toHaveLength(10);
    expect(report.leftOff).toBe(590);
    const stop = AbortSignal.abort(new Error('enough'));
    await expect(world.client.audit.report({ signal: stop })).rejects.toThrow('enough');
    await world.database.db.query('truncate batches cascade');
  });

  it.each([
    [{ since: 'yesterday' }, 'options.since'],
    [{ graceSeconds: -1 }, 'options.graceSeconds'],
    [{ limit: 1.5 }, 'options.limit'],
    [{ all: true }, 'options'],
  ])('refuses %o', async (options, field) => {
    await expect(world.client.audit.report(options as never)).rejects.toThrow(field);
  });
});
