import { afterAll, describe, expect, it } from 'vitest';
import { failures } from '../../../contracts/failures.ts';
import type { Analytics, ReportDetails } from '../../../contracts/reports/schema.ts';
import { createReportRenderer } from '../../../services/reports/renderer.ts';
import { linesOfPdf, type PlacedLine } from '../../support/files/pdf-text.ts';
import { busyMonth, emptyMonth, noDetails, october } from '../../support/reports/samples.ts';

const renderer = createReportRenderer();
afterAll(() => renderer.close());
const signal = new AbortController().signal;

/** Height of what is printed between the margins of an A4 page, in points; the foot is not counted. */
const PRINTABLE = 732;
const FOOT = 60;

async function pagesOf(
  data: Analytics,
  details: ReportDetails = noDetails,
  title = 'Activity Report',
): Promise<PlacedLine[][]> {
  const plan = { reportId: '00000000-0000-8000-a000-000000000000', userId: null, period: october };
  const charts = await renderer.charts(data, signal);
  const content = { plan: { ...plan, title, fileName: `${title}.pdf` }, data, details, charts };
  const { bytes } = await renderer.pdf(content, signal);
  return linesOfPdf(bytes);
}

const documents = (count: number, name = (n: number): string => `scan-${n}.png`): ReportDetails['documents'] =>
  Array.from({ length: count }, (_, n) => ({
    name: name(n),
    status: 'completed',
    pages: 1,
    confidence: 0.9,
    created: '2026-10-01 10:00',
  }));

const failed = (count: number): ReportDetails['failures'] =>
  Array.from({ length: count }, (_, n) => ({
    name: `broken-${n}.pdf`,
    type: n % 2 === 0 ? 'CorruptDocument' : 'PageTimeLimit',
    created: '2026-10-02 11:00',
  }));

const long = 'Wolfeschlegelsteinhausenbergerdorff '.repeat(20);

function oneDocument(): Analytics {
  const empty = emptyMonth();
  return {
    ...empty,
    users: 1,
    documents: 1,
    ocr_processed: 1,
    success_rate: 100,
    pages: 1,
    confidence: 0.9,
    buckets: empty.buckets.map((bucket, at) => ({ ...bucket, completed: at === 3 ? 1 : 0 })),
    engines: [{ engine: 'tesseract', documents: 1, pages: 1, confidence: 0.9 }],
  };
}

const samples: readonly (readonly [string, Analytics, ReportDetails])[] = [
  ['an empty month', emptyMonth(), noDetails],
  ['one document', oneDocument(), { ...noDetails, preparedFor: 'Ada', documents: documents(1) }],
  ['thousands', { ...busyMonth(), documents: 123_456 }, { ...noDetails, documents: documents(25) }],
  ['a long name', busyMonth(), { ...noDetails, preparedFor: long, documents: documents(25, () => long) }],
  ['many failures', busyMonth(), { ...noDetails, failures: failed(25) }],
  [
    'names in other scripts',
    busyMonth(),
    { ...noDetails, preparedFor: 'Ада Лавлейс', documents: documents(3, () => '山田 Ада '.repeat(9)) },
  ],
  // every end of a table near the foot of a page
  ...[1, 3, 5, 8, 13, 17, 21, 24].map((n): (typeof samples)[number] => [
    `${n} latest documents`,
    busyMonth(),
    { ...noDetails, preparedFor: 'Ada', documents: documents(n), failures: failed(n % 4) },
  ]),
];

describe('REPORT-9 the pages of a report', () => {
  it.each(samples)('with %s: no text lies on another, and no page is nearly empty', async (_what, data, details) => {
    const pages = await pagesOf(data, details);
    for (const lines of pages) expect(overlaps(lines)).toEqual([]);
    if (pages.length === 1) return;
    for (const lines of pages) {
      const shown = lines.filter(({ top }) => top > FOOT);
      const lowest = Math.min(...shown.map(({ bottom }) => bottom));
      expect((842 - 50 - lowest) / PRINTABLE).toBeGreaterThan(0.2);
    }
  });

  it.each(['Activity Report', 'Gypsy jug: yearly (quarterly) report', long])(
    'the title %s is clear of what stands below it',
    async (title) => {
      const [page = []] = await pagesOf(emptyMonth(), { ...noDetails, preparedFor: long }, title);
      const period = page.find(({ text }) => text.startsWith('1 October 2026')) as PlacedLine; // every report has it
      const above = page.filter(({ bottom }) => bottom > period.top);
      expect(above.length).toBeGreaterThan(0);
      for (const { bottom } of above) expect(bottom - period.top).toBeGreaterThan(4);
    },
  );

  it('one document needs one page', async () => {
    const pages = await pagesOf(oneDocument(), { ...noDetails, preparedFor: 'Ada' });
    expect(pages).toHaveLength(1);
  });

  it('failures are told in words, with their documents', async () => {
    const pages = await pagesOf(busyMonth(), { ...noDetails, failures: failed(25) });
    const text = pages
      .flat()
      .map((line) => line.text)
      .join(' ')
      .replaceAll(/\s+/g, ' ');
    expect(text).toContain('broken-0.pdf');
    expect(text).toContain('broken-24.pdf');
    expect(text).toContain(failures.CorruptDocument.cause);
    expect(text).toContain(failures.EncryptedDocument.remedy);
    expect(text).not.toMatch(/CorruptDocument|PageTimeLimit|EncryptedDocument/);
    expect(text).toContain('an export lists the other 35 too');
  });
});

/** Pairs of lines that share an area. */
function overlaps(lines: readonly PlacedLine[]): string[] {
  return lines.flatMap((one, at) =>
    lines
      .slice(at + 1)
      .filter(
        (other) =>
          one.left < other.right &&
          other.left < one.right &&
          one.bottom < other.top - 0.5 &&
          other.bottom < one.top - 0.5,
      )
      .map((other) => `${one.text} / ${other.text}`),
  );
}
