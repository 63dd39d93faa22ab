import { describe, expect, it } from 'vitest';
import { periodName, reportFileName, reportName } from '../../../contracts/reports/names.ts';

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
