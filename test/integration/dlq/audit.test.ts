/** Audits on a real server and database, also by command and route: each difference is caused, and seen to be named. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queues } from '../../../contracts/queues/names.ts';
import { PermanentError } from '../../../contracts/failures/task-errors.ts';
import { taskWorkflows } from '../../../contracts/tasks/definition.ts';
import { testApi } from '../../support/fakes/api.ts';
import { testCli } from '../../support/fakes/cli.ts';
import { eventually, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';
import { keep, letterOf } from './world.ts';

let world: TaskWorld;
let stopWorkers: () => Promise<void>;
beforeAll(async () => {
  world = await startTaskWorld();
  const fails = () => Promise.reject(new PermanentError('wrong'));
  stopWorkers = await world.keepWorkers({ script: { 'samples.upperCase': fails } });
});
afterAll(async () => {
  await stopWorkers();
  await world.stop();
});

/** `perennial audit` over the real server and database. */
const command = (...options: readonly string[]) =>
  testCli(false, '.', { audit: world.client.audit }).run('audit', '--grace', '0', ...options);

/** `GET /v1/audit` over the same. */
const route = (query: string) =>
  request(testApi({}, { audit: world.client.audit }).app)
    .get(`/v1/audit?grace=0${query}`)
    .expect(200);

/** What an audit finds of an id. */
async function kindsOf(id: string): Promise<readonly string[]> {
  const { differences } = await world.client.audit.report({ graceSeconds: 0 });
  return differences.filter((one) => one.id === id || one.workflowId === id).map(({ kind }) => kind);
}

const untilFound = (id: string, kinds: readonly string[]): Promise<void> =>
  expect.poll(() => kindsOf(id), { timeout: 20_000 }).toEqual(kinds);

/** Starts a run that is alive for an hour. */
const later = (id: string) => world.client.task('samples.add').call({ a: 1, b: 2 }, { id, countdown: 3_600 });
const terminate = (id: string) => world.temporal.client.workflow.getHandle(id).terminate('a test');

/** Makes the server forget a run, as one that was restored from an old backup has. */
async function lose(workflowId: string): Promise<void> {
  const { workflowService, options } = world.temporal.client;
  await workflowService.deleteWorkflowExecution({ namespace: options.namespace, workflowExecution: { workflowId } });
}

/** Fails a task for good. */
async function failed(id: string): Promise<void> {
  const task = await world.client.task('samples.upperCase').call({ data: 'a' }, { id });
  await expect(task.result()).rejects.toThrow('wrong');
}

/** Fails a task for good, and waits until its letter is noted. */
async function withLetter(id: string): Promise<void> {
  await failed(id);
  const keeping = keep(world);
  await letterOf(world, id);
  await keeping.close();
}

const addBatch = (id: string) =>
  world.database.db.query(
    `insert into batches (id, options, status, created_at) values ($1, '{}', 'running', now() - interval '1 minute')`,
    [id],
  );

describe('an audit', () => {
  it('finds nothing where every job is finished, alive or a dead letter, and counts them', async () => {
    await (await world.client.task('samples.add').call({ a: 1, b: 2 })).result();
    await withLetter('noted');
    await later('alive');
    await later('stopped');
    await terminate('stopped');
    await eventually(async () => {
      const { runs } = await world.client.audit.report();
      return runs.accepted === 4 && runs.stopped === 1;
    });
    const report = await world.client.audit.report({ graceSeconds: 0 });
    expect(report).toMatchObject({
      runs: { accepted: 4, alive: 1, completed: 1, failed: 1, stopped: 1, continued: 0 },
      checked: { failures: 1, recent: 0, letters: 1, rows: 0 },
      differences: [],
      leftOff: 0,
    });
    // What is younger than the grace may be on its way.
    expect((await world.client.audit.report()).checked).toMatchObject({ failures: 0, recent: 1 });
    const ahead = { since: new Date(Date.now() + 60_000).toISOString(), graceSeconds: 0 };
    expect(await world.client.audit.report(ahead)).toMatchObject({ runs: { accepted: 0 }, checked: { failures: 0 } });
    const { code, stdout } = await command();
    expect(code).toBe(0);
    expect(stdout).toContain('1 completed, 1 alive, 1 failed, 1 stopped, 0 continued');
    expect(stdout).toContain('compared: 1 failures, 1 letters, 0 rows; 0 too recent\nno differences: nothing is lost');
    expect((await route('')).body).toMatchObject({ runs: report.runs, checked: report.checked, differences: [] });
  });

  it('names a failure without a letter, by command and route too, until it has one', async () => {
    await failed('unnoted');
    await untilFound('unnoted', ['failure without a letter']);
    const { code, stdout } = await command();
    expect(code).toBe(1);
    expect(stdout).toMatch(/failure without a letter +unnoted +the run \S+ failed, and no letter.*Start a worker/);
    const found = { kind: 'failure without a letter', id: 'unnoted', workflowId: 'unnoted' };
    expect((await route('')).body).toMatchObject({ differences: [found], leftOff: 0 });
    expect((await route('&limit=0')).body).toMatchObject({ differences: [], leftOff: 1 });
    expect((await route(`&since=${new Date(Date.now() + 60_000).toISOString()}`)).body).toMatchObject({ leftOff: 0 });
    // Younger than a minute: not judged yet.
    expect((await world.client.audit.report()).differences).toEqual([]);
    const keeping = keep(world);
    await untilFound('unnoted', []);
    await keeping.close();
    expect((await command()).code).toBe(0);
  });

  it('names an open letter of a run that succeeded afterwards', async () => {
    await withLetter('succeeded');
    const options = { workflowId: 'succeeded', taskQueue: queues.workflows, args: ['samples.add', { a: 1, b: 2 }] };
    await world.temporal.client.workflow.start(taskWorkflows.runTask, options); // past the client, which redrives
    await untilFound('succeeded', ['letter of a run that succeeded']);
    await world.client.dlq.resolve('succeeded', { reason: 'it has succeeded' });
    await untilFound('succeeded', []);
  });

  it('names a running row whose run is over, and rows and redrives whose runs are lost', async () => {
    await withLetter('redriven');
    const { id } = await world.client.dlq.redrive('redriven');
    await expect(world.client.tasks.get(id).result()).rejects.toThrow('wrong');
    expect(await kindsOf(id)).not.toContain('redriven letter without a run');
    await addBatch('over');
    await later('over');
    await untilFound('over', []);
    await terminate('over');
    await untilFound('over', ['row of an ended run']);
    await Promise.all([lose(id), lose('over')]); // the server takes some seconds for that
    await untilFound('over', ['row without a run']);
    await untilFound('redriven', ['redriven letter without a run']);
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
