/** Kept reports in a real database. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportPlan } from '../../../contracts/reports/schema.ts';
import { periodCalendar } from '../../../services/reports/period.ts';
import type { ReportStore } from '../../../services/reports/port.ts';
import { createReportStore } from '../../../services/reports/store.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { scriptedRef } from '../../support/scripted/reports.ts';

let test: TestDatabase;
let reports: ReportStore;

beforeAll(async () => {
  test = await testDatabase();
  reports = createReportStore(test.db);
});
afterAll(() => test.drop());

describe('kept reports', () => {
  const plan = (reportId: string, userId: string | null): ReportPlan => ({
    reportId,
    kind: 'monthly',
    title: 'Monthly Report',
    subject: 'Monthly Report',
    userId,
    period: periodCalendar.range('2026-10-01', '2026-10-31', 'Europe/Berlin'),
    fileName: 'monthly-report.pdf',
    link: 'http://example.com/reports/x',
  });
  const id = (n: number): string => `00000000-0000-8000-a000-${String(n).padStart(12, '0')}`;
  const keep = (n: number, userId: string | null = null, documents = 3): Promise<void> =>
    reports.save({
      plan: plan(id(n), userId),
      file: scriptedRef('reports/files'),
      mediaType: 'application/pdf',
      charts: [],
      documents,
    });

  it('IDEM-4 a report that is kept or sent twice is one row', async () => {
    await keep(1);
    await reports.noteSent(id(1));
    const first = await reports.view(id(1));
    await keep(1, null, 4);
    await reports.noteSent(id(1));
    expect(await reports.view(id(1))).toEqual({ ...first, documents: 4 });
    expect(first).toMatchObject({
      status: 'sent',
      size: 1234,
      period: { start: '2026-10-01', end: '2026-10-31', timeZone: 'Europe/Berlin', from: '2026-09-30T22:00:00.000Z' },
    });
    expect((await test.db.query('select from reports')).rowCount).toBe(1);
  });

  it('are listed newest first, page by page, and by user', async () => {
    for (const n of [2, 3, 4]) await keep(n, n === 3 ? 'ann' : 'bob');
    const { reports: page, next } = await reports.list({ limit: 2 });
    const rest = await reports.list({ limit: 2, after: next ?? '' });
    expect([...page, ...rest.reports].map((report) => report.id)).toEqual([4, 3, 2, 1].map(id));
    expect(rest.next).toBeNull();
    expect((await reports.list({ limit: 5, userId: 'ann' })).reports.map((report) => report.id)).toEqual([id(3)]);
    expect((await reports.list({ limit: 5, kind: 'daily' })).reports).toEqual([]);
    await expect(reports.list({ limit: 5, after: 'x' })).rejects.toMatchObject({ type: 'InvalidInput' });
  });

  it('one that does not exist is not found, whatever its id looks like', async () => {
    expect(await reports.view(id(99))).toBeUndefined();
    expect(await reports.view('../../etc/passwd')).toBeUndefined();
    expect(await reports.files(id(99))).toBeUndefined();
  });
});
