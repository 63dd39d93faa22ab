/** Reports from figures to inbox: real Temporal, PostgreSQL, charts, PDF, blobs and SMTP. */
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { queues } from '../../../contracts/queues/names.ts';
import {
  reportWorkflows,
  type ReportSent,
  type ReportWorkflow,
  type UserReportResult,
} from '../../../contracts/reports/vocabulary.ts';
import { createUserStore } from '../../../services/users/postgres.ts';
import { propertyOf, textOfPdf } from '../../support/files/pdf-text.ts';
import { addDocuments } from '../../support/reports/rows.ts';
import { reportWorld, type ReportWorld } from '../../support/reports/world.ts';
import { parsed } from '../../support/servers/smtp.ts';
import { startTestTemporal, type TestTemporal } from '../../support/temporal.ts';

let temporal: TestTemporal;
let world: ReportWorld;
let runs = 0;

beforeAll(async () => {
  temporal = await startTestTemporal();
  world = await reportWorld();
  await createUserStore(world.test.db).put([
    { id: 'ann', email: 'ann@example.com', name: 'Ann <b>Example</b>', timeZone: 'America/New_York' },
    { id: 'bob', email: 'bob@example.com', name: 'Bob', timeZone: 'Asia/Kathmandu' },
  ]);
  await addDocuments(world.test.db, [
    // 2026-10-31 23:30 in New York, 2026-11-01 04:30 in Berlin
    { createdAt: '2026-11-01T03:30:00Z', userId: 'ann', name: 'last of october.png', confidence: 0.75 },
    { createdAt: '2026-10-15T12:00:00Z', userId: 'ann', name: '=HYPERLINK("http://evil")', pages: 3 },
    { createdAt: '2026-10-15T13:00:00Z', userId: 'ann', name: 'broken.pdf', status: 'failed' },
    { createdAt: '2026-10-15T14:00:00Z', userId: 'bob', name: 'secret of bob.png', engine: 'deepseek' },
    { createdAt: '2026-10-16T14:00:00Z', userId: 'bob', name: 'open of bob.png', status: 'pending' },
  ]);
});
afterAll(async () => {
  await world.stop();
  await temporal.stop();
});
beforeEach(() => {
  world.smtp.received.length = 0;
});

async function run<T>(workflow: ReportWorkflow, ...args: readonly unknown[]): Promise<T> {
  runs += 1;
  const workflowId = `test-${workflow}-${runs}`;
  return temporal.withWorkers(world.activities, async () => {
    const options = { taskQueue: queues.workflows, workflowId, args: [...args] };
    return (await temporal.client.workflow.execute(reportWorkflows[workflow], options)) as T; // the caller knows the workflow
  });
}

async function pdfOf(reportId: string): Promise<Buffer> {
  const files = await world.reports.files(reportId);
  if (files === undefined) throw new TypeError('expected a report, found none');
  return buffer(await world.blobs.open(files.file));
}

describe('reportPipeline', () => {
  it('REPORT-6 REPORT-7 REPORT-8 REPORT-9 a mail with the PDF leaves, and its text holds the figures of the database', async () => {
    const { status, report_id: id } = await run<ReportSent>('reportPipeline', '2026-10-01', '2026-10-31');
    expect(status).toBe('sent');
    const [email, ...others] = world.smtp.received;
    expect(others).toEqual([]);
    const { subject, text, html, attachments, to } = await parsed(email);
    expect(to?.[0]?.address).toBe('admin@example.com');
    expect(subject).toBe('Activity Report, October 2026');
    // in Berlin the last document came in November
    expect(text).toContain('Documents processed: 4\nCompleted: 2\nFailed: 1\nSuccess rate: 50.00%');
    expect(html).toMatch(/Documents processed<\/td><td[^>]*><b>4<[\s\S]*Success rate<\/td><td[^>]*><b>50.00%</);
    expect(html).toContain('bgcolor="#0b4f7d"');
    expect(html).not.toMatch(/<img|src=/);
    expect(text).toContain(`https://reports.example.com/v1/reports/${id}/file`);
    const [attachment] = attachments;
    expect(attachment).toMatchObject({
      filename: 'Activity Report, October 2026.pdf',
      mimeType: 'application/pdf',
    });
    const bytes = await pdfOf(id);
    expect(await propertyOf(bytes, 'Title')).toBe('Activity Report, October 2026');
    // an attachment of bytes is read as bytes
    expect(Buffer.compare(Buffer.from(attachment?.content as ArrayBuffer), bytes)).toBe(0);
    const shown = (await textOfPdf(bytes)).join('\n').replace(/\s+/g, ' ');
    for (const figure of [
      '50.00 %',
      '2026-10-15 3 2 1 0',
      '2026-10-16 1 0 0 1',
      'The file is damaged or truncated, or has no pages.',
      'broken.pdf',
      'deepseek 1 1',
    ])
      expect(shown).toContain(figure);
    expect(await world.reports.view(id)).toMatchObject({ status: 'sent', documents: 4, size: bytes.length });
  });

  it('REPORT-8 the charts are kept as PNG and SVG', async () => {
    const { report_id: id } = await run<ReportSent>('reportPipeline', '2026-10-01', '2026-10-31');
    const { charts } = (await world.reports.files(id)) ?? { charts: [] };
    expect(charts.map(({ name }) => name)).toEqual(['timeline', 'outcomes', 'confidence']);
    for (const { png, svg } of charts) {
      expect((await buffer(await world.blobs.open(png))).subarray(1, 4).toString()).toBe('PNG');
      expect((await buffer(await world.blobs.open(svg))).toString()).toMatch(/^<svg/);
    }
  });

  it('IDEM-4 a second run is the same row and the same PDF, and nobody gets a second mail', async () => {
    const first = await run<ReportSent>('reportPipeline', '2026-10-02', '2026-10-20');
    const before = await world.reports.files(first.report_id);
    const second = await run<ReportSent>('reportPipeline', '2026-10-02', '2026-10-20');
    expect(second.report_id).toBe(first.report_id);
    expect(await world.reports.files(first.report_id)).toEqual(before);
    expect(world.smtp.received).toHaveLength(1);
    const { rowCount } = await world.test.db.query('select from reports where id = $1', [first.report_id]);
    expect(rowCount).toBe(1);
  });

  it('of an empty period is a report too', async () => {
    const { report_id: id, total_documents: total } = await run<ReportSent>(
      'reportPipeline',
      '2020-02-01',
      '2020-02-29',
    );
    expect(total).toBe(0);
    expect((await textOfPdf(await pdfOf(id))).join()).toContain('No documents came in during this period.');
    expect((await parsed(world.smtp.received[0])).text).toContain('Success rate: 0.00%');
  });

  it.each([
    ['reversed', ['2026-10-31', '2026-10-01'], "end: expected a day on or after start '2026-10-31', got '2026-10-01'"],
    ['no days', ['', ''], 'start'],
    ['no such day', ['2026-02-30', '2026-03-01'], 'start'],
    ['nothing', [], 'startDate: expected text, got nothing'],
    [
      'another user',
      ['2026-10-01', '2026-10-02', { userId: 'nobody' }],
      "expected the id of a known user, got 'nobody'",
    ],
    ['another zone', ['2026-10-01', '2026-10-02', { timeZone: 'Mars/Base' }], 'timeZone'],
    ['another address', ['2026-10-01', '2026-10-02', { email: 'a@b\r\nBcc: c@d' }], 'email'],
    ['a wrong option', ['2026-10-01', '2026-10-02', { recipient: 'a@example.com' }], 'recipient'],
  ])('SEC-1 %s is a clear permanent failure, and nothing is kept or sent', async (_what, args, message) => {
    const { rowCount: before } = await world.test.db.query('select from reports');
    await expect(run('reportPipeline', ...args)).rejects.toMatchObject({
      cause: { nonRetryable: true, message: expect.stringContaining(message) as string },
    });
    expect((await world.test.db.query('select from reports')).rowCount).toBe(before);
    expect(world.smtp.received).toEqual([]);
  });
});

describe('reports of one user', () => {
  it('REPORT-1 SEC-3 holds the days of the user and no name of another', async () => {
    const report = await run<UserReportResult>('generateUserReport', 'ann', '2026-10-01', '2026-10-31');
    expect(report).toMatchObject({ status: 'completed', user_id: 'ann', total_documents: 3 });
    const { file } = (await world.reports.files(report.report_id)) ?? {};
    expect(report.report_path).toBe(file?.key);
    const shown = (await textOfPdf(await pdfOf(report.report_id))).join('\n');
    expect(shown).toContain('Prepared for Ann <b>Example</b>');
    expect(shown).toContain('Days are counted in America/New_York');
    expect(shown).toContain('last of october.png');
    expect(shown).toContain('2026-10-31 23:30');
    expect(shown).toContain('=HYPERLINK("http://evil")');
    expect(shown).not.toContain('bob');
    expect(world.smtp.received).toEqual([]);
  });

  it('names of documents and people stand in no history', async () => {
    const workflowId = `test-generateUserReport-${runs}`;
    const { events } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
    const payloads = [...JSON.stringify(events).matchAll(/"data":"([^"]*)"/g)]
      .map(([, data = '']) => Buffer.from(data, 'base64').toString())
      .join('\n');
    expect(payloads).toContain('total_documents');
    expect(payloads).not.toContain('last of october.png');
    expect(payloads).not.toContain('Example</b>');
  });
});

describe('exportData', () => {
  it('SEC-3 REPORT-12 mails the file of one user to the address given, without a row of another', async () => {
    const input = {
      userId: 'ann',
      startDate: '2026-10-01',
      endDate: '2026-10-31',
      format: 'csv',
      email: 'x@example.com',
    };
    expect(await run('exportData', input)).toMatchObject({ status: 'sent', format: 'csv', rows: 3 });
    const { attachments, text, to } = await parsed(world.smtp.received[0]);
    expect(to?.[0]?.address).toBe('x@example.com');
    expect(text).toContain('Your export of 3 documents is ready.');
    const csv = Buffer.from(attachments[0]?.content as ArrayBuffer).toString(); // bytes, as sent
    expect(csv).toContain('last of october.png');
    expect(csv).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(csv).not.toContain('bob');
  });

  it('REPORT-11 an export for the administrator says explicitly that it is about everybody', async () => {
    const input = {
      userId: null,
      startDate: '2026-10-01',
      endDate: '2026-11-01',
      format: 'xlsx',
      email: 'x@example.com',
    };
    expect(await run('exportData', input)).toMatchObject({ status: 'sent', rows: 5 });
    expect((await parsed(world.smtp.received[0])).attachments[0]?.filename).toBe(
      'Data Export, 1 October to 1 November 2026.xlsx',
    );
  });
});
