import { describe, expect, it } from 'vitest';
import { periodName, reportFileName, reportName } from '../../../contracts/reports/names.ts';
import type { Analytics, ReportPlan } from '../../../contracts/reports/schema.ts';
import { dailyBody, reportBody } from '../../../workflows/reports/mail-content.ts';
import { busyMonth, emptyMonth, october } from '../../support/reports/samples.ts';

describe('the name of a report', () => {
  it.each([
    ['2026-11-01', '2026-11-30', 'November 2026'],
    ['2028-02-01', '2028-02-29', 'February 2028'],
    ['2028-02-01', '2028-02-28', '1 to 28 February 2028'],
    ['2026-11-05', '2026-11-05', '5 November 2026'],
    ['2026-10-26', '2026-11-01', '26 October to 1 November 2026'],
    ['2026-12-28', '2027-01-03', '28 December 2026 to 3 January 2027'],
    ['2026-01-01', '2026-12-31', '2026'],
  ])('calls the days from %s to %s %s', (start, end, name) => {
    expect(periodName({ start, end })).toBe(name);
  });

  it('SEC-1 says user and period, on one line, and fits a file system', () => {
    const days = { start: '2026-11-01', end: '2026-11-30' };
    expect(reportName('Activity Report', 'Ada', days)).toBe('Activity Report for Ada, November 2026');
    expect(reportName('Monthly Report', undefined, days)).toBe('Monthly Report, November 2026');
    const hostile = reportName('Activity Report', `a/..\\b\r\nBcc: x\u202e${'y'.repeat(500)}`, days);
    expect(hostile).not.toMatch(/[\r\n\u202e]/);
    expect(reportFileName(hostile, 'pdf')).toMatch(/^[^/\\:*?"<>|]{1,120}\.pdf$/);
  });
});

describe('REPORT-10 the message of a report', () => {
  const plan: ReportPlan = {
    reportId: '00000000-0000-8000-a000-000000000000',
    kind: 'monthly',
    title: 'Monthly Report',
    subject: '',
    userId: null,
    period: october,
    fileName: '',
    link: 'https://reports.example.com/reports/1/file',
  };
  /** What a reader of HTML sees. */
  const shown = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

  it.each([
    ['busy', busyMonth()],
    ['empty', emptyMonth()],
  ])('has the same figures as text and as HTML: %s', (_what, data) => {
    for (const body of [dailyBody, reportBody]) {
      const { text, html } = body(plan, data);
      const figures = [
        ...text.matchAll(
          /^(Documents processed|Completed|Failed|Success rate|Open|Pages read|Mean confidence): (.+)$/gm,
        ),
      ];
      expect(figures).toHaveLength(7);
      for (const [, label, value] of figures) expect(shown(html)).toContain(`${label ?? ''} ${value ?? ''}`);
    }
  });

  it('has a chart that loads nothing, and failures in words', () => {
    const { text, html } = reportBody(plan, busyMonth());
    expect([...html.matchAll(/bgcolor="#0b4f7d"/g)]).toHaveLength(31);
    expect(html).not.toMatch(/<img|<link|<script|src=|url\(|cid:/);
    for (const form of [text, shown(html)]) {
      expect(form).toContain('The PDF is protected by a password.');
      expect(form).not.toContain('EncryptedDocument');
    }
  });

  it('SEC-1 escapes every value', () => {
    const evil = '<img src=x onerror=alert(1)>"';
    const busy = busyMonth();
    const data: Analytics = {
      ...busy,
      failures: [{ type: evil, documents: 1 }],
      buckets: busy.buckets.map((bucket) => ({ ...bucket, label: evil })),
    };
    const { html } = reportBody({ ...plan, subject: evil, title: evil, link: `https://x/${evil}` }, data);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;');
  });

  it('joins the parts of a long period, and loses no document', () => {
    const busy = busyMonth();
    const buckets = Array.from({ length: 92 }, (_, n) => ({ label: `day ${n}`, completed: n, failed: 0, open: 0 }));
    const { html } = reportBody(plan, { ...busy, buckets });
    const totals = [...html.matchAll(/<td align="right">(\d+)</g)].map(([, total]) => Number(total));
    expect(totals.length).toBeLessThanOrEqual(31);
    expect(totals.reduce((all, total) => all + total, 0)).toBe((91 * 92) / 2);
  });
});
