import { describe, expect, it } from 'vitest';
import { InvalidInput, NotFound } from '../../../client/index.ts';
import { createReportJobs } from '../../../client/reports/jobs.ts';
import type { ReportJobs } from '../../../client/reports/types.ts';
import { parseReportWorkflowId, reportWorkflowId, reportWorkflows } from '../../../contracts/reports/vocabulary.ts';
import { rpcOver, type Started } from '../../support/fakes/starts.ts';

function jobsOver(started: Started[]): ReportJobs {
  return createReportJobs({ rpc: rpcOver({ started }) });
}

const days = ['2026-10-01', '2026-10-31'] as const;
const exported = { userId: 'ann', start: days[0], end: days[1], format: 'csv', email: 'a@b.example' } as const;

describe('client.reports', () => {
  it.each([
    ['daily', (jobs: ReportJobs) => jobs.daily(), 'generateDailyReport', [{}]],
    ['weekly', (jobs: ReportJobs) => jobs.weekly({ date: days[0] }), 'generateWeeklyReport', [{ date: days[0] }]],
    ['monthly', (jobs: ReportJobs) => jobs.monthly({ timeZone: undefined }), 'createMonthlyReport', [{}]],
    ['user', (jobs: ReportJobs) => jobs.user('ann', ...days), 'generateUserReport', ['ann', ...days]],
    ['run', (jobs: ReportJobs) => jobs.run(...days, { userId: 'ann' }), 'reportPipeline', [...days, { userId: 'ann' }]],
    [
      'export',
      (jobs: ReportJobs) => jobs.export(exported),
      'exportData',
      [{ userId: 'ann', startDate: days[0], endDate: days[1], format: 'csv', email: 'a@b.example' }],
    ],
  ] as const)('%s starts its workflow with explicit arguments (BP-3)', async (_what, start, workflow, args) => {
    const started: Started[] = [];
    const job = await start(jobsOver(started));
    expect(started).toMatchObject([
      { workflow, options: { args, workflowId: job.id, taskQueue: 'perennial.workflows' } },
    ]);
    expect(parseReportWorkflowId(job.id)?.workflow).toBe(workflow);
  });

  it('IDEM-4 the same report is the same job, another reader or day is another, and no address stands in an id', async () => {
    const jobs = jobsOver([]);
    const ids = [
      (await jobs.run(...days, { email: 'a@b.example', userId: 'ann' })).id,
      (await jobs.run(...days, { userId: 'ann', email: 'a@b.example' })).id,
      (await jobs.run(...days, { userId: 'ann', email: 'c@b.example' })).id,
      (await jobs.run('2026-10-02', days[1], { userId: 'ann', email: 'a@b.example' })).id,
    ];
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
    expect(ids.join()).not.toContain('b.example');
    // what is counted back from now is another one tomorrow
    expect((await jobs.daily()).id).not.toBe((await jobs.daily()).id);
  });

  it.each([
    ['a reversed period', (jobs: ReportJobs) => jobs.run(days[1], days[0]), 'end', "on or after start '2026-10-31'"],
    ['no day', (jobs: ReportJobs) => jobs.run('soon', days[1]), 'start', 'a day such as 2026-01-31'],
    ['too many days', (jobs: ReportJobs) => jobs.user('ann', '2000-01-01', days[1]), 'end', 'at most 3660 days'],
    ['no user', (jobs: ReportJobs) => jobs.user('', ...days), 'userId', 'at least 1'],
    [
      'a foreign format',
      (jobs: ReportJobs) => jobs.export({ ...exported, format: 'pdf' as 'csv' }),
      'format',
      '"xlsx"',
    ],
    [
      'a header in the address',
      (jobs: ReportJobs) => jobs.daily({ email: 'a@b.example\nBcc: c' }),
      'email',
      'an e-mail address',
    ],
  ])('SEC-1 %s starts nothing, and names field, expected and got', async (_what, start, field, expected) => {
    const started: Started[] = [];
    const error: unknown = await start(jobsOver(started)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidInput);
    const { fields } = error as InvalidInput;
    expect(fields.map((fault) => fault.field)).toContain(field);
    expect(fields.find((fault) => fault.field === field)?.expected).toContain(expected);
    expect(started).toEqual([]);
  });

  it('finds a report again by its id, and no job of another domain', () => {
    const jobs = jobsOver([]);
    expect(jobs.get(reportWorkflowId('exportData', 'x')).id).toBe('export-x');
    expect(() => jobs.get('batch-ocr-1')).toThrow(NotFound);
  });
});

describe('ids of reports', () => {
  it.each(Object.values(reportWorkflows))('IDEM-4 %s: the id is the business key, and back', (workflow) => {
    expect(parseReportWorkflowId(reportWorkflowId(workflow, 'key-1'))).toEqual({ workflow, key: 'key-1' });
  });
});
