import { describe, expect, it } from 'vitest';
import type { PageReading, Word } from '../../../services/ocr/port.ts';
import { extractInvoice } from '../../../services/invoices/extract.ts';
import type { InvoiceData } from '../../../services/invoices/port.ts';
import { pageOf, type Sample } from './page.ts';
import { CONTINENTAL } from './samples/continental.ts';
import { ENGLISH } from './samples/english.ts';
import { UNUSUAL } from './samples/unusual.ts';

const SAMPLES: readonly Sample[] = [...ENGLISH, ...CONTINENTAL, ...UNUSUAL];

const readingsOf = (sample: Sample): PageReading[] => sample.pages.map((rows, page) => pageOf(rows, page));

const valuesOf = (data: InvoiceData): Record<string, string | undefined> => ({
  issuer: data.issuer?.value,
  number: data.number?.value,
  date: data.date?.value,
  currency: data.currency?.value,
  total: data.total?.value,
  untaxed: data.untaxed?.value,
  tax: data.tax?.value,
});

const linesOf = (data: InvoiceData): string[][] =>
  data.lines.map(({ value }) => [value.description, value.quantity ?? '', value.unitPrice ?? '', value.amount ?? '']);

/** Sums that nobody printed may be computed or absent. */
const expected = ({
  issuer,
  number,
  date,
  currency,
  total,
  untaxed,
  tax,
}: Sample): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries({ issuer, number, date, currency, total, untaxed, tax }).filter(([, value]) => value !== undefined),
  );

const withWords = (page: PageReading, change: (word: Word) => Word): PageReading => ({
  ...page,
  origin: 'ocr',
  engine: 'tesseract',
  words: page.words.map(change),
});

describe('OCR-5 fields of invoices never seen before', () => {
  it.each(SAMPLES.map((sample) => [sample.name, sample] as const))('%s', (_, sample) => {
    const data = extractInvoice(readingsOf(sample));
    expect(valuesOf(data)).toMatchObject(expected(sample));
    expect(linesOf(data)).toEqual(sample.lines);
  });

  it.each(SAMPLES.map((sample) => [sample.name, sample] as const))(
    'boxes and confidences are fractions: %s',
    (_, sample) => {
      const data = extractInvoice(readingsOf(sample));
      const found = [
        data.issuer,
        data.number,
        data.date,
        data.currency,
        data.total,
        data.untaxed,
        data.tax,
        ...data.lines,
      ].filter((one) => one !== undefined);
      for (const { confidence, box, page } of found) {
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(page).toBeLessThan(sample.pages.length);
        if (box !== undefined)
          expect(box[0] < box[2] && box[1] < box[3] && box.every((edge) => edge >= 0 && edge <= 1)).toBe(true);
      }
    },
  );
});

describe('OCR-5 sums', () => {
  const invoice = (...sums: string[]): PageReading =>
    pageOf([
      '@8/14 Acme GmbH ¦ >92 Rechnung Nr. 17 vom 02.05.2024',
      '',
      '@8 Artikel ¦ >60 Menge ¦ >75 Preis ¦ >92 Betrag',
      '@8 Schraube ¦ >60 10 ¦ >75 10,00 ¦ >92 100,00 €',
      '',
      ...sums,
    ]);

  it('are surer when they add up, and computed ones have no box', () => {
    const closed = extractInvoice([
      invoice('@60 Netto ¦ >92 100,00 €', '@60 MwSt 19% ¦ >92 19,00 €', '@60 Gesamt ¦ >92 119,00 €'),
    ]);
    const open = extractInvoice([invoice('@60 Netto ¦ >92 100,00 €', '@60 Gesamt ¦ >92 119,00 €')]);
    expect(valuesOf(closed)).toMatchObject({ total: '119.00', untaxed: '100.00', tax: '19.00' });
    expect(valuesOf(open)).toMatchObject({ total: '119.00', untaxed: '100.00', tax: '19.00' });
    expect(closed.total?.confidence).toBeGreaterThan(open.total?.confidence ?? 1);
    expect(open.tax?.confidence).toBeLessThan(open.total?.confidence ?? 0);
    expect(closed.tax?.box).toBeDefined();
    expect(open.tax?.box).toBeUndefined();
  });

  it('choose the amounts that fit where a label stands twice', () => {
    const data = extractInvoice([
      invoice(
        '@60 Gesamt ¦ >92 55,00 €',
        '@60 Netto ¦ >92 100,00 €',
        '@60 MwSt 19% ¦ >92 19,00 €',
        '@60 Gesamt ¦ >92 119,00 €',
      ),
    ]);
    expect(data.total?.value).toBe('119.00');
  });

  it('put back a decimal sign that recognition dropped', () => {
    const data = extractInvoice([
      invoice('@60 Netto ¦ >92 10000 €', '@60 MwSt 19% ¦ >92 19,00 €', '@60 Gesamt ¦ >92 119,00 €'),
    ]);
    expect(valuesOf(data)).toMatchObject({ total: '119.00', untaxed: '100.00', tax: '19.00' });
  });

  it('OCR-5 the due date decides an open date', () => {
    const page = pageOf(['@8 Invoice No. 4711', '@8 Date: 03/04/2024', '@8 Due date: 02/05/2024', '@8 Total $10.00']);
    expect(extractInvoice([page]).date?.value).toBe('2024-04-03');
  });
});

describe('OCR-5 noise', () => {
  const sample = CONTINENTAL[2];
  const page = sample === undefined ? pageOf([]) : pageOf(sample.pages[0] ?? []);

  it('reads O for 0 and l for 1 in amounts, and labels with wrong letters', () => {
    const noise: Readonly<Record<string, string>> = {
      '352,00': '352,OO',
      Désignation: 'Desiqnation',
      Montant: 'Montanl',
      TVA: 'TVA',
      'n°': 'n°',
    };
    const data = extractInvoice([
      withWords(page, (word) => ({ ...word, text: noise[word.text] ?? word.text, confidence: 0.7 })),
    ]);
    expect(valuesOf(data)).toMatchObject({
      number: 'FA-2024-031',
      date: '2024-02-12',
      total: '3872.00',
      tax: '352.00',
    });
    expect(data.lines).toHaveLength(2);
  });

  it('bears boxes that shake', () => {
    const shaken = withWords(page, (word) => {
      const by = ((word.text.length * 7919 + word.line) % 5) * 0.0006 - 0.0012;
      return { ...word, box: [word.box[0], word.box[1] + by, word.box[2], word.box[3] + by] };
    });
    expect(valuesOf(extractInvoice([shaken]))).toMatchObject({
      issuer: 'Menuiserie Lacombe SARL',
      total: '3872.00',
      untaxed: '3520.00',
    });
  });

  it('OCR-5 whole lines with the width of the page, as a vision model gives them', () => {
    const rows = [
      'Acme Tools Inc.',
      'Invoice Number: A-778',
      'Invoice Date: March 5, 2024',
      'Subtotal: $100.00',
      'Tax (8%): $8.00',
      'Total: $108.00',
    ];
    const lines = rows.map((text, line): Word => ({
      text,
      confidence: 0.9,
      box: [0, 0.05 * line, 1, 0.05 * line + 0.03],
      line,
    }));
    const split = lines.flatMap((word) => word.text.split(' ').map((text) => ({ ...word, text })));
    for (const words of [lines, split, []]) {
      const data = extractInvoice([{ ...pageOf([]), words, text: rows.join('\n'), engine: 'deepseek', origin: 'ocr' }]);
      expect(valuesOf(data)).toEqual({
        issuer: 'Acme Tools Inc.',
        number: 'A-778',
        date: '2024-03-05',
        currency: 'USD',
        total: '108.00',
        untaxed: '100.00',
        tax: '8.00',
      });
    }
  });
});

describe('OCR-5 what is printed', () => {
  const head = (number: string): string[] => [
    '@8/16 Papeterie du Pont SARL',
    '@8 4 rue des Lilas, 69002 Lyon',
    `@8 ${number}`,
    '@8 Désignation ¦ >92 Montant TTC',
    '@8 Cahiers ¦ >92 18,00 €',
    '@8 Encre noire ¦ >92 6,00 €',
  ];

  it.each([
    ['Facture n°562044', '562044'],
    ['Facture Nº2026-17', '2026-17'],
    ['Facture n°FA-889 du 3 mai 2026', 'FA-889'],
    ['Rechnungsnr.4711', '4711'],
    ['Invoice No.88-12', '88-12'],
  ])('is a number that touches its label: %s', (label, number) => {
    expect(extractInvoice([pageOf(head(label))]).number?.value).toBe(number);
  });

  it('is never a net sum or a tax that stands nowhere', () => {
    const rows = [...head('Facture n° 17'), '@60 Total TTC ¦ >92 24,00 €'];
    expect(valuesOf(extractInvoice([pageOf(rows)]))).toMatchObject({
      total: '24.00',
      untaxed: undefined,
      tax: undefined,
    });
    expect(valuesOf(extractInvoice([pageOf(head('Facture n° 17'))]))).toMatchObject({
      untaxed: undefined,
      tax: undefined,
    });
  });

  it('is a net sum where the heading of the table calls its amounts net', () => {
    const rows = [...head('Facture n° 17').map((row) => row.replace('TTC', 'HT')), '@60 Total ¦ >92 24,00 €'];
    expect(valuesOf(extractInvoice([pageOf(rows)]))).toMatchObject({ total: '24.00', untaxed: '24.00' });
  });

  it('is the tax beside a total whose lines are gross', () => {
    const rows = [...head('Facture n° 17'), '@60 Total TTC ¦ >92 24,00 €', '@60 dont TVA 20 % ¦ >92 4,00 €'];
    expect(valuesOf(extractInvoice([pageOf(rows)]))).toMatchObject({ total: '24.00', untaxed: '20.00', tax: '4.00' });
  });
});
