import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { activityQueues, findTask } from '../../../contracts/register.schema.ts';
import type { HealthReport } from '../../../contracts/housekeeping/schema.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { createHealthLedger, createRunLedger } from '../../../services/housekeeping/health-ledger.ts';
import type { HealthLedger, QueueLength } from '../../../services/housekeeping/port.ts';
import { createQueueMonitor } from '../../../activities/housekeeping/queue-monitor.ts';
import { createWorkerHeartbeats } from '../../../services/queues/postgres.ts';
import { startHouse, type House } from './house.ts';

let house: House;
let ledger: HealthLedger;

beforeAll(async () => {
  house = await startHouse({ QUEUE_WARN_LENGTH: '2' });
  ledger = createHealthLedger(house.test.db);
});
afterAll(() => house.stop());
beforeEach(async () => {
  await house.test.db.query('truncate health_state, health_changes, sunrise_runs');
});

let minute = 0;
const report = (status: HealthReport['status'], at = (minute += 1)): HealthReport => ({
  timestamp: new Date(Date.UTC(2026, 0, 1, 0, at)).toISOString(),
  status,
  checks: { database: status === 'unhealthy' ? 'error: away' : 'ok' },
});

const transitions = async () => (await ledger.untold()).map(({ from, report: { status } }) => `${from}>${status}`);

describe('HEALTH-6 the ledger of health', () => {
  it('HEALTH-6 notes changes to unhealthy and back, not every check', async () => {
    for (const status of ['healthy', 'degraded', 'unhealthy', 'unhealthy', 'unhealthy', 'degraded', 'healthy'] as const)
      await ledger.record(randomUUID(), report(status));
    expect(await transitions()).toEqual(['degraded>unhealthy', 'unhealthy>degraded']);
  });

  it('HEALTH-6 a first check that finds everything well is no change, one that does not is', async () => {
    await ledger.record('a', report('healthy'));
    expect(await transitions()).toEqual([]);
    await house.test.db.query('truncate health_state');
    await ledger.record('b', report('unhealthy'));
    expect(await transitions()).toEqual(['healthy>unhealthy']);
  });

  it('HEALTH-6 a repeated record, a late one and a repeated note of the mail change nothing', async () => {
    const bad = report('unhealthy', (minute += 10));
    await ledger.record('c', bad);
    await ledger.record('c', bad);
    await ledger.record('late', report('healthy', minute - 5));
    const [only, ...others] = await ledger.untold();
    expect([only?.key, others]).toEqual(['health-c', []]);
    await ledger.told('health-c');
    await ledger.told('health-c');
    expect(await ledger.untold()).toEqual([]);
    const { rows } = await house.test.db.query<{ status: string; since: Date }>(
      'select status, since from health_state',
    );
    expect(rows).toEqual([{ status: 'unhealthy', since: new Date(bad.timestamp) }]);
  });

  it('HEALTH-6 two checks at once note one change', async () => {
    const at = (minute += 10);
    await Promise.all(Array.from({ length: 8 }, (_, n) => ledger.record(`at-once-${n}`, report('unhealthy', at))));
    expect(await transitions()).toEqual(['healthy>unhealthy']);
  });
});

describe('HEALTH-6 checkHealth', () => {
  it('HEALTH-6 looks at database, Temporal, blob store, disks and workers', async () => {
    await createWorkerHeartbeats(house.test.db).beat({
      id: randomUUID(),
      host: 'test',
      queues: [queues.workflows, ...activityQueues()],
    });
    const found = await house.run('housekeeping.checkHealth');
    expect(found).toMatchObject({ checks: { database: 'ok', temporal: 'ok', blobs: 'ok', workers: 'ok' } });
    expect(found.checks['disk_space']).toMatch(/^(ok|warning): \d+\.\d% free$/);
    expect(found.status).toBe(found.checks['disk_space']?.startsWith('ok') === true ? 'healthy' : 'degraded');
    expect(Date.parse(found.timestamp)).toBeGreaterThan(Date.now() - 60_000);
  });
});

describe('CLEAN-6 checkDiskSpace', () => {
  it('CLEAN-6 tells the room of every disk that is written to, with a warning below 10 %', async () => {
    const found = await house.run('housekeeping.checkDiskSpace');
    expect(found.min_free_percent).toBe(10);
    expect(found.folders.map(({ name }) => name)).toEqual(['state', 'temp', 'blobs']);
    for (const { free_percent: free, free_mb: freeMb, total_mb: totalMb, status } of found.folders) {
      expect(free).toBeGreaterThanOrEqual(0);
      expect(free).toBeLessThanOrEqual(100);
      expect(freeMb).toBeLessThanOrEqual(totalMb);
      expect(status).toBe(free < 10 ? 'warning' : 'ok');
    }
  });
});

describe('CLEAN-7 monitorQueueLengths', () => {
  it('CLEAN-7 P3-41 counts what waits in each queue and who serves it, from the server', async () => {
    const quiet = await house.run('housekeeping.monitorQueueLengths');
    expect(quiet).toMatchObject({ status: 'ok', warn_length: 2, total: 0 });
    expect(quiet.queues.map(({ queue }) => queue)).toEqual(
      expect.arrayContaining([queues.workflows, queues.documentsDefault, queues.documentsLowPriority]),
    );
    expect(quiet.queues.every(({ workers }) => workers >= 1)).toBe(true);

    // Workflows that nobody takes, for their workers are gone: they wait.
    const waiting = await Promise.all(
      [1, 2, 3].map((n) =>
        house.temporal.client.workflow.start('runTask', {
          taskQueue: queues.workflows,
          workflowId: `waiting-${n}`,
          args: ['housekeeping.sunrise', {}],
        }),
      ),
    );
    const found = await describeWithoutWorkflowWorker();
    expect(found.find(({ queue }) => queue === queues.workflows)?.length).toBe(3);
    for (const handle of waiting) await handle.terminate();
  });
});

/** Asks as an activity would, while no worker takes workflows. */
async function describeWithoutWorkflowWorker(): Promise<readonly { queue: string; length: number }[]> {
  const environment = new MockActivityEnvironment({}, { client: house.temporal.client });
  for (let tries = 0; ; tries += 1) {
    const found = await environment.run<[], readonly QueueLength[], () => Promise<readonly QueueLength[]>>(() =>
      createQueueMonitor().lengths(),
    );
    if (tries > 50 || found.some(({ length }) => length >= 3)) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('CLEAN-10 sunrise', () => {
  it('CLEAN-10 records that it ran, once for each run however often it is tried', async () => {
    const done = await house.run('housekeeping.sunrise');
    expect(done).toMatchObject({ status: 'recorded', key: expect.stringContaining('sunrise') as string });
    const again = await createRunLedger(house.test.db).record(done.key);
    expect(again.toISOString()).toBe(done.ran_at);
    const { rows } = await house.test.db.query('select key from sunrise_runs');
    expect(rows).toEqual([{ key: done.key }]);
  });
});

describe('CLEAN-9 the queues of housekeeping', () => {
  it.each([
    ['cleanupTempFiles', queues.documentsLowPriority],
    ['cleanupOldOcrResults', queues.documentsLowPriority],
    ['cleanupOldFiles', queues.documentsLowPriority],
    ['cleanupResults', queues.documentsLowPriority],
    ['vacuumDatabase', queues.documentsLowPriority],
    ['backupDatabase', queues.documentsLowPriority],
    ['checkDiskSpace', queues.documentsDefault],
    ['monitorQueueLengths', queues.documentsDefault],
    ['checkHealth', queues.documentsDefault],
    ['sunrise', queues.documentsDefault],
  ])('QUEUE-5 QUEUE-6 CLEAN-9 %s runs on %s', (name, queue) => {
    expect(findTask(`housekeeping.${name}`)?.queue).toBe(queue);
  });
});
