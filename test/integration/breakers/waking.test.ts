/** Runs that wait for a breaker go on when an operator sets it, whoever dies meanwhile. */
import path from 'node:path';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRpc } from '../../../client/connection/rpc.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { PACK_ACTIVITY } from '../../../contracts/tasks/packs.ts';
import { createParkedRuns } from '../../../services/breakers/parked-runs.ts';
import { createBreakerStore } from '../../../services/breakers/postgres.ts';
import { createBreakerRecords } from '../../../services/breakers/records.ts';
import { bundleWorkflows } from '../../../workers/bundle.ts';
import { wakeParkedRuns } from '../../../workers/running/parked-runs.ts';
import { silentLogger } from '../../support/silent-log.ts';
import { eventually, startTaskWorld, type TaskWorld, type WorkersOfTest } from '../../support/tasks.ts';

const KEY = 'stock';
const BY = { by: 'ada', reason: 'a test' };
/** Longer than any test may take: whoever waits for its own timer is seen. */
const LONG_MS = 600_000;

let world: TaskWorld;
let workers: WorkersOfTest;
const calls: number[] = [];
beforeAll(async () => {
  world = await startTaskWorld();
  const made = (value: unknown) => {
    calls.push(Date.now());
    return Promise.resolve(value as never); // each task returns what its own test expects
  };
  workers = {
    workflows: await bundleWorkflows(path.join(import.meta.dirname, '../../support/retries/fixtures/pipeline.ts')),
    breakers: { 'samples.addOneTiny': { key: KEY }, 'operations.circuitBreakerTask': { key: KEY } },
    script: {
      'samples.addOneTiny': ({ data }) => made(data + 1),
      'operations.circuitBreakerTask': () => made({ status: 'completed', body: {} }),
    },
  };
});
beforeEach(async () => {
  calls.length = 0;
  await world.database.db.query('truncate breakers, breaker_parked');
});
afterAll(() => world.stop());

const records = () => createBreakerRecords(world.database.db);
const store = () => createBreakerStore(world.database.db);
const parkedRuns = () => createParkedRuns(world.database.db);

/** What a worker process does beside serving runs. */
function wake(): { close(): Promise<void> } {
  const { connection } = world.temporal.client;
  const rpc = createRpc(new Client({ connection, namespace: world.temporal.endpoint.namespace }), 'test', 10_000);
  return wakeParkedRuns({ rpc, parked: parkedRuns(), logger: silentLogger });
}

async function waiting(): Promise<number> {
  const { rows } = await world.database.db.query<{ n: number }>(
    'select coalesce(sum(calls), 0)::int as n from breaker_parked',
  );
  return rows[0]?.n ?? 0;
}

const park = (holder: string, workflowId = holder) =>
  store().ask({ key: KEY, holder, workflowId, parked: undefined, forMs: LONG_MS });

/** Lets the time of woken runs pass. */
const later = (ms: number) =>
  world.database.db.query(`update breaker_parked set wake_at = wake_at - $1::float8 * interval '1 ms'`, [ms]);

describe('RETRY-6 closing a breaker', () => {
  it('wakes tasks, canvases, packs and pipelines that are written by hand at once', async () => {
    await records().open(KEY, BY, LONG_MS);
    const ask = { task: 'operations.circuitBreakerTask', kwargs: { service_url: 'http://127.0.0.1' } };
    const tiny = Array.from({ length: 20 }, (_, data) => ({ task: 'samples.addOneTiny', kwargs: { data } }));
    const waking = wake();
    await world.withWorkers(async () => {
      const task = await world.client.task('samples.addOneTiny').call({ data: 1 });
      const canvas = await world.client.canvas.runJson({ task: 'celery.group', kwargs: { tasks: [ask, ask, ask] } });
      const pack = await world.client.canvas.runJson({ task: 'celery.group', kwargs: { tasks: tiny } });
      const pipeline = await world.temporal.client.workflow.start('askThrice', {
        workflowId: 'by-hand',
        taskQueue: queues.workflows,
        args: ['http://127.0.0.1'],
      });
      await eventually(async () => (await waiting()) === 1 + 3 + 20 + 2);
      expect(calls).toEqual([]);
      const closedAt = Date.now();
      await records().close(KEY, BY);
      expect(await task.result()).toBe(2);
      expect(await canvas.result()).toHaveLength(3);
      expect(await pack.result()).toEqual(tiny.map((_, data) => data + 1));
      expect(await pipeline.result()).toBe(3);
      expect(Date.now() - closedAt).toBeLessThan(15_000);
      expect(calls).toHaveLength(1 + 3 + 20 + 3);
      const { events } = await world.temporal.client.workflow.getHandle(pack.id).fetchHistory();
      const kinds = (events ?? []).flatMap(
        ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
      );
      expect(kinds.filter((kind) => kind === PACK_ACTIVITY).length).toBeGreaterThan(1);
    }, workers);
    await waking.close();
  });

  it('opening it for a shorter time wakes them too: they ask again, and one of them probes', async () => {
    await records().open(KEY, BY, LONG_MS);
    const waking = wake();
    await world.withWorkers(async () => {
      const tasks = await Promise.all([1, 2, 3].map((data) => world.client.task('samples.addOneTiny').call({ data })));
      await eventually(async () => (await waiting()) === 3);
      await records().open(KEY, BY, 1_000);
      expect(await Promise.all(tasks.map((task) => task.result()))).toEqual([2, 3, 4]);
      expect((await records().find(KEY))?.state).toBe('closed');
    }, workers);
    await waking.close();
  });
});

describe('RETRY-6 waking', () => {
  it('is left to whoever looks next when the process that closes, and the one that wakes, die', async () => {
    await records().open(KEY, BY, LONG_MS);
    for (const holder of ['a', 'b', 'c']) await park(holder);
    await park('c-2', 'c');
    expect(await parkedRuns().due()).toEqual([]);
    await records().close(KEY, BY);
    await later(1_000);
    const taken = await parkedRuns().due();
    expect(taken.map(({ workflowId }) => workflowId).toSorted()).toEqual(['a', 'b', 'c']);
    const [first] = taken;
    if (first !== undefined) await parkedRuns().woken(first);
    // The process dies here; nobody else is given its runs for ten seconds.
    expect(await parkedRuns().due()).toEqual([]);
    await later(10_001);
    const again = await parkedRuns().due();
    expect(again.map(({ workflowId }) => workflowId).toSorted()).toEqual(['b', 'c']);
    await Promise.all(again.map((run) => parkedRuns().woken(run)));
    await later(10_001);
    expect(await parkedRuns().due()).toEqual([]);
  });

  it('is spread over a time, one run after the other, so that the provider is not met by all at once', async () => {
    await records().open(KEY, BY, LONG_MS);
    await Promise.all(Array.from({ length: 40 }, (_, n) => park(`run-${n}`)));
    await records().close(KEY, BY);
    const { rows } = await world.database.db.query<{ ms: number }>(
      `select extract(epoch from max(wake_at) - min(wake_at))::float8 * 1000 as ms from breaker_parked`,
    );
    expect(rows[0]?.ms).toBeCloseTo(39 * 50, -2);
  });

  it('does not miss a call that is parked in the moment in which the breaker is closed', async () => {
    await records().open(KEY, BY, LONG_MS);
    let answer: ReturnType<typeof park> | undefined;
    await world.database.db.transaction(async (transaction) => {
      await transaction.query('update breakers set opened_at = null, next_probe_at = null where key = $1', [KEY]);
      answer = park('late');
      await eventually(async () => (await waiting()) === 1);
    });
    // It was told to wait, and only for the spread.
    expect(await answer).toMatchObject({ kind: 'wait' });
    const { waitMs } = (await answer) as { readonly waitMs: number };
    expect(waitMs).toBeLessThan(2_000);
  });

  it('of a run that has ended is given up, and one that nobody can be told of is tried again', async () => {
    await records().open(KEY, BY, LONG_MS);
    await park('nobody');
    await records().close(KEY, BY);
    const waking = wake();
    const due = async () =>
      (await world.database.db.query('select 1 from breaker_parked where wake_at is not null')).rows;
    await eventually(async () => (await due()).length === 0);
    await waking.close();
  });
});
