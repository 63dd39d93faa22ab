import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractInvoice } from '../../../services/invoices/extract.ts';
import type { PageReading, Word } from '../../../services/ocr/port.ts';
import { pageOf } from './page.ts';

const odd = fc.oneof(fc.double(), fc.constantFrom(0, 1, -1, NaN, Infinity));
const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    'Total',
    'Invoice',
    'No.',
    '#',
    ':',
    '-',
    '(',
    '12.50',
    '1.234,56',
    '€',
    '$',
    '%',
    'VAT',
    '19%',
    'Description',
    'Qty',
    'Amount',
    'Date',
    '31/12/2024',
    '1',
    '000',
    'GmbH',
    '',
    ' ',
    '|',
    '<td>',
    'info@a.de',
  ),
);
const word: fc.Arbitrary<Word> = fc.record({
  text: piece,
  confidence: odd,
  box: fc.tuple(odd, odd, odd, odd),
  line: fc.integer({ min: 0, max: 30 }),
});
const reading: fc.Arbitrary<PageReading> = fc.record({
  page: fc.integer({ min: 0, max: 3 }),
  text: fc.string({ maxLength: 200 }),
  confidence: odd,
  width: odd,
  height: odd,
  rotation: fc.constantFrom(0, 90, 180, 270),
  skew: odd,
  words: fc.array(word, { maxLength: 40 }),
  state: fc.constant('read'),
  origin: fc.constantFrom('ocr', 'text-layer'),
  engine: fc.constant('tesseract'),
});

/** Rows of such words in order, so that labels, columns and amounts really meet. */
const rows = fc.array(fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), piece), { maxLength: 6 }), { maxLength: 25 });

const milliseconds = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

describe('OCR-5 odd input', () => {
  it('finds nothing where nothing is', () => {
    expect(extractInvoice([])).toEqual({ lines: [] });
    expect(extractInvoice([pageOf([])])).toEqual({ lines: [] });
    expect(
      extractInvoice([pageOf(['@8 Once upon a time there was a king', '@8 who lived in a castle by the sea.'])]).total,
    ).toBeUndefined();
  });

  it('never throws, and confidences stay between 0 and 1', () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 3 }), (pages) => {
        const data = extractInvoice(pages);
        for (const { confidence } of data.lines) expect(confidence >= 0 && confidence <= 1).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws on rows of labels and amounts in any order, and sums are decimal strings', () => {
    fc.assert(
      fc.property(rows, (drawn) => {
        const data = extractInvoice([
          pageOf(
            drawn.map((cells) => cells.map(([at, text]) => `@${String(at)} ${text.replaceAll('¦', '')}`).join(' ¦ ')),
          ),
        ]);
        for (const sum of [data.total, data.untaxed, data.tax])
          if (sum !== undefined) expect(sum.value).toMatch(/^-?\d+(?:\.\d{2,})?$/);
        if (data.date !== undefined) expect(data.date.value).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['one word', 'a'.repeat(100_000)],
    ['digits', '1'.repeat(100_000)],
    ['groups of digits', '1 000 '.repeat(16_000)],
    ['amounts', '1.00 '.repeat(20_000)],
    ['dots', '1.'.repeat(50_000)],
    ['labels', 'Total '.repeat(16_000)],
    ['dates', '1/1/2024 '.repeat(11_000)],
    ['dashes', 'a - '.repeat(25_000)],
    ['colons', 'ab:'.repeat(33_000)],
    ['open tags', '<'.repeat(100_000)],
    ['bars', '|'.repeat(100_000)],
    ['capitals', 'A.'.repeat(50_000)],
    ['at signs', 'a@'.repeat(50_000)],
  ])('a line of 100 KB of %s takes no more than a moment', (_, line) => {
    const words: Word[] = [{ text: line, confidence: 1, box: [0, 0, 1, 0.1], line: 0 }];
    const loose = line
      .split(' ')
      .filter((text) => text !== '')
      .map((text, index, all): Word => ({
        text,
        confidence: 1,
        box: [index / all.length, 0, (index + 0.5) / all.length, 0.1],
        line: 0,
      }));
    for (const page of [
      { ...pageOf([]), words },
      { ...pageOf([]), words: loose },
      { ...pageOf([]), text: line },
    ]) {
      expect(milliseconds(() => extractInvoice([page]))).toBeLessThan(5_000);
    }
  });

  it('time grows with the number of pages and not faster', () => {
    const rowsOfPage = Array.from(
      { length: 40 },
      (_, row) => `@8 Item ${String(row)} of many ¦ >60 2 ¦ >75 10.00 ¦ >92 20.00`,
    );
    const page = pageOf(['@8 Description ¦ >60 Qty ¦ >75 Price ¦ >92 Amount', ...rowsOfPage]);
    const pages = (count: number): PageReading[] =>
      Array.from({ length: count }, (_, index) => ({ ...page, page: index }));
    extractInvoice(pages(50));
    const [few, many] = [milliseconds(() => extractInvoice(pages(50))), milliseconds(() => extractInvoice(pages(300)))];
    expect(many).toBeLessThan(6 * few * 3 + 500);
  }, 60_000);
});
