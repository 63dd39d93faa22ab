import { CancelledFailure, WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queues } from '../../contracts/queues/names.ts';
import { reportWorkflows, type UserReportResult } from '../../contracts/reports/vocabulary.ts';
import { longDay } from '../../contracts/reports/names.ts';
import { dayOf } from '../../services/reports/period.ts';
import { startScenario } from '../support/scenarios/scenario.ts';
import { reportScenarios as scenarios } from '../support/scenarios/reports.ts';
import { scriptReports, type ScriptedReports } from '../support/scripted/reports.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

async function run(name: keyof typeof scenarios): Promise<{ result: unknown; error: unknown; world: ScriptedReports }> {
  const world = scenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, scenarios[name], world, `test-${name}`);
    return handle.result().then(
      (result: unknown) => ({ result, error: undefined, world }),
      (error: unknown) => ({ result: undefined, error, world }),
    );
  });
}

const tasksOf = ({ asked }: ScriptedReports): string[] => asked.map(({ task }) => task);
const inputOf = (world: ScriptedReports, task: string): Record<string, unknown> =>
  world.asked.find((call) => call.task === task)?.input as Record<string, unknown>;
const causeOf = (error: unknown): unknown => (error as WorkflowFailedError).cause;

const PIPELINE = [
  'reports.planReport',
  'reports.fetchAnalytics',
  'reports.generateCharts',
  'reports.generatePdf',
  'reports.saveReport',
];
const EMAILED = [...PIPELINE, 'email.send', 'reports.noteReportSent'];

describe('reportPipeline', () => {
  it('REPORT-6 P3-15 fetches, draws, writes and mails, each step told what the steps before it gave', async () => {
    const { result, world } = await run('report-pipeline.success');
    expect(result).toMatchObject({ status: 'sent', total_documents: 3 });
    expect(tasksOf(world)).toEqual(EMAILED);
    const { data } = inputOf(world, 'reports.generateCharts');
    expect(inputOf(world, 'reports.generatePdf')).toMatchObject({
      data,
      charts: [{ name: 'timeline' }],
      plan: { title: 'Activity Report', period: { start: '2026-10-01', end: '2026-10-31' } },
    });
    expect(world.emails[0]).toMatchObject({
      to: 'admin@example.com',
      attachments: [{ filename: 'Activity Report, October 2026.pdf' }],
    });
  });

  it("P3-48 the days of a user's report are counted in the user's time zone, and the user gets it", async () => {
    const { world } = await run('report-pipeline.of-user');
    expect(inputOf(world, 'reports.fetchAnalytics')).toEqual({
      start: '2026-10-01',
      end: '2026-10-31',
      timeZone: 'Asia/Kathmandu',
      userId: 'ann',
    });
    expect(inputOf(world, 'reports.generatePdf')).toMatchObject({
      plan: { period: { from: '2026-09-30T18:15:00.000Z', until: '2026-10-31T18:15:00.000Z' } },
    });
    expect(world.emails[0]?.to).toBe('ann@example.com');
  });

  it('passing failures are tried again, and one mail leaves with one key', async () => {
    const { result, world } = await run('report-pipeline.retried');
    expect(result).toMatchObject({ status: 'sent' });
    expect(tasksOf(world).filter((task) => task === 'reports.generateCharts')).toHaveLength(3);
    expect(world.emails).toHaveLength(1);
  });

  it('RETRY-7 gives up after four attempts', async () => {
    const { error, world } = await run('report-pipeline.renderer-down');
    expect(causeOf(error)).toMatchObject({ type: 'RendererCrashed', nonRetryable: true });
    expect(tasksOf(world).filter((task) => task === 'reports.generatePdf')).toHaveLength(4);
    expect(tasksOf(world)).not.toContain('reports.saveReport');
  });

  it('a reversed period is permanent: nothing is counted, kept or mailed', async () => {
    const { error, world } = await run('report-pipeline.reversed');
    expect(causeOf(error)).toMatchObject({
      type: 'InvalidInput',
      message: "end: expected a day on or after start '2026-10-31', got '2026-10-01'",
    });
    expect(tasksOf(world)).toEqual(['reports.planReport']);
  });

  it('stops on cancel, and nothing is kept or mailed', async () => {
    const { error, world } = await run('report-pipeline.cancelled');
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect(causeOf(error)).toBeInstanceOf(CancelledFailure);
    expect(tasksOf(world)).toEqual(PIPELINE.slice(0, 4));
  });

  it('IDEM-4 a second run has the same report id and the same message key', async () => {
    const first = (await run('generate-daily-report.empty')).world;
    const second = scriptReports({ documents: 5 });
    await temporal.withWorkers(second.activities, () =>
      temporal.client.workflow.execute(reportWorkflows.generateDailyReport, {
        taskQueue: queues.workflows,
        workflowId: 'test-second-run',
        args: [{ date: '2026-10-25' }],
      }),
    );
    expect(first.emails[0]?.messageKey).toMatch(/^report-[0-9a-f-]{36}-[0-9a-f]{16}$/);
    expect(second.emails[0]?.messageKey).toBe(first.emails[0]?.messageKey);
    expect(first.emails[0]?.messageKey).not.toContain('admin');
  });
});

describe('reports of one user', () => {
  it('REPORT-1 returns the four fields for an inclusive range and mails nobody', async () => {
    const { result, world } = await run('generate-user-report.success');
    const report = result as UserReportResult; // what generateUserReport returns
    expect(report).toMatchObject({ status: 'completed', user_id: 'ann', total_documents: 3 });
    expect(report.report_path).toMatch(/^reports\/files\//);
    expect(tasksOf(world)).toEqual(PIPELINE);
  });

  it('an unknown user is permanent and leaves nothing behind', async () => {
    const { error, world } = await run('generate-user-report.unknown-user');
    expect(causeOf(error)).toMatchObject({
      type: 'UserNotFound',
      message: "userId: expected the id of a known user, got 'nobody'",
    });
    expect(tasksOf(world)).toEqual(['reports.planReport']);
  });

  it('BEAT-23 P3-39 the daily report of a user is about the previous day in his own time zone', async () => {
    const before = dayOf(Date.now() - 86_400_000, 'Asia/Kathmandu');
    const { result, world } = await run('user-daily-report.success');
    const after = dayOf(Date.now() - 86_400_000, 'Asia/Kathmandu');
    expect(result).toMatchObject({ status: 'sent' });
    const { start, end } = inputOf(world, 'reports.fetchAnalytics');
    expect([before, after]).toContain(start);
    expect(end).toBe(start);
    expect(world.emails[0]).toMatchObject({
      to: 'ann@example.com',
      subject: `Activity Report for Ann, ${longDay(String(start))}`,
    });
  });
});

describe('reports of the calendar', () => {
  it('REPORT-2 the daily report returns five fields and mails the rate with two decimals', async () => {
    const { result, world } = await run('generate-daily-report.success');
    const { start } = inputOf(world, 'reports.fetchAnalytics');
    expect(result).toEqual({
      date: start,
      total_documents: 3,
      completed: 2,
      failed: 1,
      success_rate: (2 / 3) * 100,
    });
    expect(world.emails[0]).toMatchObject({
      to: 'admin@example.com',
      subject: `Daily Report - ${String(start)}`,
      html: true,
    });
    expect(world.emails[0]?.textBody).toContain(
      'Documents processed: 3\nCompleted: 2\nFailed: 1\nSuccess rate: 66.67%',
    );
    expect(world.emails[0]?.body).toMatch(/Success rate<\/td><td[^>]*><b>66.67%/);
  });

  it('REPORT-2 the rate is 0 when nothing came in', async () => {
    const { result, world } = await run('generate-daily-report.empty');
    expect(result).toEqual({ date: '2026-10-25', total_documents: 0, completed: 0, failed: 0, success_rate: 0 });
    expect(world.emails[0]?.textBody).toContain('Success rate: 0.00%');
    // the day on which Berlin's clocks go back has 25 hours
    expect(inputOf(world, 'reports.generatePdf')).toMatchObject({
      plan: { period: { from: '2026-10-24T22:00:00.000Z', until: '2026-10-25T23:00:00.000Z' } },
    });
  });

  it('REPORT-5 REPORT-10 the weekly report is about an ISO week and comes with the PDF attached', async () => {
    const { result, world } = await run('generate-weekly-report.success');
    expect(result).toMatchObject({ status: 'sent', period: { start: '2026-10-26', end: '2026-11-01' } });
    expect(inputOf(world, 'reports.fetchAnalytics')).toMatchObject({ start: '2026-10-26', end: '2026-11-01' });
    expect(world.emails[0]).toMatchObject({
      subject: 'Weekly Report, 26 October to 1 November 2026',
      attachments: [{ filename: 'Weekly Report, 26 October to 1 November 2026.pdf' }],
    });
  });

  it('REPORT-4 P3-14 the monthly report aggregates, writes and mails; the bounds of the month are computed', async () => {
    const { result, world } = await run('create-monthly-report.success');
    expect(result).toEqual({
      workflow_id: 'test-create-monthly-report.success',
      period: { start: '2026-02-01', end: '2026-02-28' },
    });
    expect(inputOf(world, 'reports.fetchAnalytics')).toMatchObject({ start: '2026-02-01', end: '2026-02-28' });
    expect(world.emails[0]).toMatchObject({ subject: 'Monthly Report, February 2026', to: 'admin@example.com' });
    expect(tasksOf(world)).toEqual(EMAILED);
  });

  it('REPORT-3 statistics of a period, by default of the previous month', async () => {
    const { result, world } = await run('aggregate-statistics.success');
    expect(result).toMatchObject({ period: 'monthly', stats: { documents: 3, ocr_processed: 2, users: 1 } });
    const { start, end } = inputOf(world, 'reports.fetchAnalytics');
    expect(String(start)).toMatch(/-01$/);
    expect(String(end).slice(0, 7)).toBe(String(start).slice(0, 7));
    expect(tasksOf(world)).toEqual(['reports.planReport', 'reports.fetchAnalytics']);
  });

  it('P3-12 P3-39 a run of a schedule is about the day before its moment in the schedule, also when backfilled', async () => {
    const world = scriptReports();
    const scheduleId = 'test-daily-report';
    await temporal.withWorkers(world.activities, async () => {
      const schedule = await temporal.client.schedule.create({
        scheduleId,
        spec: { calendars: [{ hour: 8 }], timezone: 'Europe/Berlin' },
        action: {
          type: 'startWorkflow',
          workflowType: reportWorkflows.generateDailyReport,
          workflowId: 'test-scheduled-daily-report',
          taskQueue: queues.workflows,
          args: [],
        },
        state: { paused: true },
      });
      await schedule.backfill({
        start: new Date('2026-03-30T05:00:00Z'),
        end: new Date('2026-03-30T07:00:00Z'),
        overlap: 'ALLOW_ALL',
      });
      const id = 'test-scheduled-daily-report-2026-03-30T06:00:00Z';
      await until(() => temporal.client.workflow.getHandle(id).describe());
      expect(await temporal.client.workflow.getHandle(id).result()).toMatchObject({ date: '2026-03-29' });
      await schedule.delete();
    });
    // the day on which Berlin's clocks go forward has 23 hours
    expect(inputOf(world, 'reports.generatePdf')).toMatchObject({
      plan: { period: { from: '2026-03-28T23:00:00.000Z', until: '2026-03-29T22:00:00.000Z' } },
    });
  });
});

describe('exportData', () => {
  it('REPORT-12 BP-3 exports what its input says and mails the file', async () => {
    const { result, world } = await run('export-data.success');
    expect(result).toMatchObject({ status: 'sent', format: 'csv', rows: 3 });
    expect(inputOf(world, 'reports.exportRows')).toMatchObject({ format: 'csv', plan: { userId: 'ann' } });
    expect(world.emails[0]).toMatchObject({
      to: 'ann@example.com',
      subject: 'Data Export for Ann, October 2026',
      attachments: [{ filename: 'Data Export for Ann, October 2026.csv' }],
    });
  });

  it('too many rows for the format are a clear permanent failure', async () => {
    const { error, world } = await run('export-data.too-large');
    expect(causeOf(error)).toMatchObject({ type: 'ExportTooLarge', nonRetryable: true });
    expect(world.emails).toEqual([]);
  });

  it('SEC-3 an export that does not say whose rows it is to hold is refused', async () => {
    const world = scriptReports();
    const failed = temporal.withWorkers(world.activities, () =>
      temporal.client.workflow.execute(reportWorkflows.exportData, {
        taskQueue: queues.workflows,
        workflowId: 'test-export-of-nobody',
        args: [{ startDate: '2026-10-01', endDate: '2026-10-31' }],
      }),
    );
    await expect(failed).rejects.toMatchObject({
      cause: {
        type: 'InvalidInput',
        message: expect.stringContaining('input.userId: expected a value or null, got nothing') as string,
      },
    });
    expect(tasksOf(world)).toEqual([]);
  });
});

/** Waits until a look succeeds; a backfill starts its runs a moment later. */
async function until(look: () => Promise<unknown>): Promise<void> {
  for (let waited = 0; ; waited += 100) {
    try {
      await look();
      return;
    } catch (error) {
      if (waited > 20_000) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
