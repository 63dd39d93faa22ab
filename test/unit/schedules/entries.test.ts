import { describe, expect, it } from 'vitest';
import { checkTarget } from '../../../client/schedules/targets.ts';
import { catalogue } from '../../../contracts/catalogue.ts';
import { findTask } from '../../../contracts/register.schema.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { scheduleDefinitionSchema } from '../../../contracts/schedules/schema.ts';
import { workflowShapes } from '../../../workflows/interceptors.ts';
import { workflowArguments } from '../../../contracts/catalogue.schema.ts';
import { hashDefinition } from '../../../schedules/definition.ts';
import { scheduleEntries } from '../../../schedules/entries.ts';
import { withOptions } from '../../../schedules/policies.ts';
import { dueTimes } from '../../../schedules/next.ts';
import { compileTiming } from '../../../schedules/timing.ts';
import { HOUR_MS } from '../../../contracts/values/units.ts';

function entryOf(id: string) {
  const found = scheduleEntries.find((entry) => entry.id === id);
  if (found === undefined) throw new TypeError(`expected an entry ${id}`);
  return found;
}

const registered = Object.keys(workflowShapes);

/** First due times after Saturday 2026-11-21, 12:00 UTC. */
function firstRuns(id: string, count: number): readonly string[] {
  const { timing, timeZone } = entryOf(id);
  const after = Date.UTC(2026, 10, 21, 12);
  return dueTimes(compileTiming(timing, timeZone), after, after + 800 * HOUR_MS)
    .slice(0, count)
    .map((ms) => new Date(ms).toISOString().slice(0, 16));
}

describe('the schedules of code', () => {
  it.each([
    ['BEAT-1', 'cleanup-temp-files', ['2026-11-22T02:00', '2026-11-23T02:00'], 'low_priority'],
    ['BEAT-2', 'cleanup-old-ocr-results', ['2026-11-22T03:00', '2026-11-29T03:00'], 'low_priority'],
    ['BEAT-3', 'vacuum-database', ['2026-11-22T04:00', '2026-11-29T04:00'], 'low_priority'],
    ['BEAT-8', 'check-disk-space', ['2026-11-21T13:00', '2026-11-21T14:00'], 'default'],
    ['BEAT-9', 'monitor-queues', ['2026-11-21T12:10', '2026-11-21T12:20'], 'default'],
    ['BEAT-11', 'backup-database', ['2026-11-22T01:00', '2026-11-23T01:00'], 'low_priority'],
    ['BEAT-15', 'cleanup-old-files', ['2026-11-22T02:00', '2026-11-23T02:00'], 'low_priority'],
  ])('%s %s runs its task at its times, on its queue', (_, id, times, queue) => {
    expect(firstRuns(id, 2)).toEqual(times);
    const { target } = entryOf(id);
    expect('task' in target && findTask(target.task)?.queue).toBe(`documents.${queue}`);
  });

  it.each([
    ['BEAT-4', 'generate-daily-report', 'generateDailyReport', ['2026-11-22T08:00', '2026-11-23T08:00']],
    ['BEAT-5', 'generate-weekly-report', 'generateWeeklyReport', ['2026-11-23T09:00', '2026-11-30T09:00']],
    ['BEAT-6', 'generate-monthly-report', 'createMonthlyReport', ['2026-12-01T10:00']],
    ['BEAT-7', 'health-check', 'healthCheck', ['2026-11-21T12:05', '2026-11-21T12:10']],
    ['BEAT-10', 'sync-external-data', 'syncExternalData', ['2026-11-21T12:30', '2026-11-21T13:00']],
    ['BEAT-12', 'send-weekly-digest', 'sendWeeklyDigest', ['2026-11-27T10:00', '2026-12-04T10:00']],
    ['BEAT-18', 'weekly-checkins', 'sendWeeklyCheckins', ['2026-11-23T09:00', '2026-11-30T09:00']],
    ['BEAT-19', 'monthly-reports', 'sendMonthlyReports', ['2026-12-01T08:00']],
    ['BEAT-13', 'send-inactive-user-reminders', 'sendInactiveReminders', ['2026-11-22T11:00', '2026-11-23T11:00']],
  ])('%s %s runs %s at its times', (_, id, workflow, times) => {
    expect(firstRuns(id, times.length)).toEqual(times);
    expect(entryOf(id).target).toEqual({ workflow, args: [] });
  });

  it.each([
    ['BEAT-16', 'monitor-queue-depth', 'messages.monitorQueueDepth', ['2026-11-21T12:05', '2026-11-21T12:10']],
    ['BEAT-17', 'track-delivery-rates', 'messages.trackDeliveryRates', ['2026-11-21T12:10', '2026-11-21T12:20']],
  ])('%s %s runs %s at its times, on the queue of analysis', (_, id, task, times) => {
    expect(firstRuns(id, 2)).toEqual(times);
    expect(entryOf(id).target).toEqual({ task, input: {} });
    expect(findTask(task)?.queue).toBe(queues.messagingAnalytics);
  });

  it('BEAT-21 process-webhooks runs every 300 s, on the queue of billing', () => {
    expect(firstRuns('process-webhooks', 2)).toEqual(['2026-11-21T12:05', '2026-11-21T12:10']);
    expect(entryOf('process-webhooks').target).toEqual({ task: 'billing.processPendingWebhooks', input: {} });
    expect(findTask('billing.processPendingWebhooks')?.queue).toBe(queues.billingBilling);
  });

  it('BEAT-20 DATA-1 cleanup-temp-files of DataCleanup runs every 3,600 s, on the queue of data', () => {
    expect(firstRuns('cleanup-temp-files-hourly', 2)).toEqual(['2026-11-21T13:00', '2026-11-21T14:00']);
    expect(entryOf('cleanup-temp-files-hourly').target).toEqual({ task: 'data.cleanupTempFiles', input: {} });
    expect(findTask('app.tasks.data_tasks.cleanup_temp_files')?.name).toBe('data.cleanupTempFiles');
    expect(findTask('data.cleanupTempFiles')?.queue).toBe(queues.dataData);
  });

  it('BEAT-14 sunrise-task waits for the sun over New York', () => {
    const { timing, target } = entryOf('sunrise-task');
    expect(timing).toEqual({ solar: { event: 'sunrise', latitude: 40.7128, longitude: -74.006 } });
    expect('task' in target && findTask(target.task)?.queue).toBe(queues.documentsDefault);
  });

  it('BEAT-25 are the set of fourteen, cleanup-old-files by decision, those of messages, tables and payments, and three of our own', () => {
    expect(scheduleEntries.map(({ id }) => id).sort()).toEqual(
      [
        ...['cleanup-temp-files', 'cleanup-old-ocr-results', 'vacuum-database', 'generate-daily-report'],
        ...['generate-weekly-report', 'generate-monthly-report', 'health-check', 'check-disk-space'],
        ...['monitor-queues', 'sync-external-data', 'backup-database', 'send-weekly-digest'],
        ...['send-inactive-user-reminders', 'sunrise-task', 'cleanup-old-files'],
        ...['weekly-checkins', 'monthly-reports', 'monitor-queue-depth', 'track-delivery-rates'],
        ...['ask-about-messages', 'optimize-send-times', 'process-webhooks', 'reconcile-billing'],
        ...['cleanup-temp-files-hourly', 'cleanup-results', 'audit-schedules', 'reconcile-runs'],
      ].sort(),
    );
  });

  it.each(scheduleEntries.map((entry) => [entry.id, entry] as const))(
    '%s starts what exists, with arguments that fit, and says why it behaves as it does',
    (_, entry) => {
      expect(scheduleDefinitionSchema.parse(entry)).toEqual(entry);
      expect(() => compileTiming(entry.timing, entry.timeZone)).not.toThrow();
      expect(() => checkTarget(entry.target, { priorityLevels: 5, sealKeys: undefined })).not.toThrow();
      if ('workflow' in entry.target) expect(registered).toContain(entry.target.workflow);
      const { overlapReason, catchupReason, jitterReason } = entry.policy;
      for (const reason of [overlapReason, catchupReason, jitterReason]) expect(reason.length).toBeGreaterThan(15);
    },
  );

  it('every workflow that can be scheduled is registered', () => {
    for (const name of Object.keys(workflowArguments)) expect(registered).toContain(name);
  });

  it('the catalogue has the tasks of this domain', () => {
    expect(catalogue.map(({ name }) => name)).toContain('schedules.auditRuns');
  });
});

describe('definitions', () => {
  it('hash alike whatever the order of their keys, and differently for any difference', () => {
    const entry = entryOf('cleanup-temp-files');
    const reversed = Object.fromEntries(Object.entries(entry).reverse()) as unknown as typeof entry; // the same entries
    expect(hashDefinition(reversed)).toBe(hashDefinition(entry));
    expect(hashDefinition({ ...entry, policy: { ...entry.policy, jitterMs: 1 } })).not.toBe(hashDefinition(entry));
  });

  it('never keep a reason for a figure that has changed', () => {
    const { policy } = entryOf('cleanup-temp-files');
    const changed = withOptions(policy, {
      overlap: 'allow-all',
      catchupMs: policy.catchupMs,
      jitterMs: 1,
      jitterReason: 'because',
    });
    expect(changed).toMatchObject({
      overlap: 'allow-all',
      jitterReason: 'because',
      catchupReason: policy.catchupReason,
    });
    expect(changed.overlapReason).toBe('Set by whoever added or changed the schedule.');
  });
});
