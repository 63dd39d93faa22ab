/** Figures of made-up reports, for tests of drawings. */
import type { Analytics, ReportDetails, ReportPeriod } from '../../../contracts/reports/schema.ts';
import { bucketsOf, periodCalendar } from '../../../services/reports/period.ts';
import { scriptedRef } from '../scripted/reports.ts';

/** October 2026 in Berlin: 31 days, one of them with 25 hours. */
export const october: ReportPeriod = periodCalendar.range('2026-10-01', '2026-10-31', 'Europe/Berlin');

/** A month with something in every chart and table. */
export function busyMonth(): Analytics {
  const { unit, parts } = bucketsOf(october);
  const buckets = parts.map(({ label }, day) => ({
    label,
    completed: 30 + ((day * 7) % 13),
    failed: day % 5,
    open: day > 28 ? 10 : 0,
  }));
  const sum = (key: 'completed' | 'failed' | 'open'): number => buckets.reduce((all, bucket) => all + bucket[key], 0);
  const [completed, failed, open] = [sum('completed'), sum('failed'), sum('open')];
  const documents = completed + failed + open;
  return {
    period: october,
    userId: null,
    users: 12,
    documents,
    ocr_processed: completed,
    failed,
    open,
    success_rate: (completed / documents) * 100,
    pages: 5_432,
    confidence: 0.9134,
    processingSeconds: 3.2,
    unit,
    buckets,
    confidences: [0, 0, 1, 3, 5, 10, 40, 100, 400, completed - 559],
    engines: [
      { engine: 'tesseract', documents: completed - 100, pages: 5_000, confidence: 0.9 },
      { engine: 'deepseek', documents: 100, pages: 432, confidence: 0.95 },
    ],
    failures: [
      { type: 'CorruptDocument', documents: failed - 4 },
      { type: 'EncryptedDocument', documents: 4 },
    ],
    details: scriptedRef('reports/details'),
  };
}

/** A month in which nothing came in. */
export function emptyMonth(): Analytics {
  const busy = busyMonth();
  return {
    ...busy,
    users: 0,
    documents: 0,
    ocr_processed: 0,
    failed: 0,
    open: 0,
    success_rate: 0,
    pages: 0,
    confidence: null,
    processingSeconds: null,
    buckets: busy.buckets.map(({ label }) => ({ label, completed: 0, failed: 0, open: 0 })),
    confidences: busy.confidences.map(() => 0),
    engines: [],
    failures: [],
  };
}

export const noDetails: ReportDetails = { preparedFor: null, users: [], documents: [], failures: [] };
