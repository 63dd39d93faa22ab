import { describe, expect, it } from 'vitest';
import { extractInvoice } from '../../../services/invoices/extract.ts';
import type { InvoiceData } from '../../../services/invoices/port.ts';
import { pageOf, type PaymentSample, type PaymentTruth, type Sample } from './page.ts';
import { ANGLO_POLISH } from './samples/anglo-polish.ts';
import { CONTINENTAL } from './samples/continental.ts';
import { ENGLISH } from './samples/english.ts';
import { GERMANIC } from './samples/germanic.ts';
import { ROMANCE } from './samples/romance.ts';
import { UNUSUAL } from './samples/unusual.ts';

const SAMPLES: readonly PaymentSample[] = [...GERMANIC, ...ROMANCE, ...ANGLO_POLISH];

const read = (sample: Sample): InvoiceData => extractInvoice(sample.pages.map((rows, page) => pageOf(rows, page)));

/** The fields of a sample that an extraction got, each with its expected value, as texts. */
const fieldsOf = (sample: Sample, data: InvoiceData): [name: string, expected: string, got: string][] => {
  const names = ['issuer', 'number', 'date', 'currency', 'total', 'untaxed', 'tax'] as const;
  const plain = names
    .filter((name) => sample[name] !== undefined)
    .map((name): [string, string, string] => [name, sample[name] ?? '', data[name]?.value ?? '']);
  const lines = data.lines.map(({ value }) => [
    value.description,
    value.quantity ?? '',
    value.unitPrice ?? '',
    value.amount ?? '',
  ]);
  return [...plain, ['lines', JSON.stringify(sample.lines), JSON.stringify(lines)]];
};

const paymentOf = (data: InvoiceData): PaymentTruth => ({
  ...(data.dueDate === undefined ? {} : { dueDate: data.dueDate.value }),
  ...(data.dueDate?.computed === true ? { dueComputed: true } : {}),
  ...(data.iban === undefined ? {} : { iban: data.iban.value }),
  ...(data.bic === undefined ? {} : { bic: data.bic.value }),
  ...(data.issuerVatId === undefined ? {} : { issuerVatId: data.issuerVatId.value }),
  ...(data.buyerVatId === undefined ? {} : { buyerVatId: data.buyerVatId.value }),
  ...(data.taxes === undefined
    ? {}
    : { taxes: data.taxes.map(({ value }) => [value.rate, value.base ?? '', value.amount ?? ''] as const) }),
  ...(data.lines.some(({ value }) => value.taxRate !== undefined)
    ? { lineRates: data.lines.map(({ value }) => value.taxRate ?? '') }
    : {}),
});

const KEYS = ['dueDate', 'dueComputed', 'iban', 'bic', 'issuerVatId', 'buyerVatId', 'taxes', 'lineRates'] as const;

const goods = [
  '@8/16 Acme Tools GmbH',
  '@8 Rechnung Nr. 17 vom 02.05.2025',
  '',
  '@8 Artikel ¦ >55 Menge ¦ >66 MwSt ¦ >78 Preis ¦ >92 Betrag',
  '@8 Schraube ¦ >55 1 ¦ >78 3,89 ¦ >92 3,89 €',
  '',
];
const after = (...rows: string[]): InvoiceData => extractInvoice([pageOf([...goods, ...rows])]);

describe('OCR-5 what is not taken', () => {
  it('a price under the heading of the tax is no rate', () => {
    expect(after().lines[0]?.value.taxRate).toBeUndefined();
  });

  it('a VAT number of another prefix, or of the buyer, is not the number of the issuer', () => {
    expect(after('@8 VAT number: XX 000 111 222').issuerVatId).toBeUndefined();
    expect(after('@8 Ihre USt-IdNr.: DE811569869')).toMatchObject({ buyerVatId: { value: 'DE811569869' } });
    expect(after('@8 Ihre USt-IdNr.: DE811569869').issuerVatId).toBeUndefined();
  });

  it.each(['DE88370400440532013000', 'DE8937040044053201300', 'XX89370400440532013000'])('%s is no account', (iban) => {
    expect(after(`@8 IBAN: ${iban}`).iban).toBeUndefined();
    expect(after('@8 IBAN: DE89370400440532013000').iban?.value).toBe('DE89370400440532013000');
  });
});

describe('OCR-5 invoices in eight languages', () => {
  it.each(SAMPLES.map((sample) => [sample.name, sample] as const))('%s', (_, sample) => {
    const data = read(sample);
    expect(Object.fromEntries(fieldsOf(sample, data).map(([name, , got]) => [name, got]))).toEqual(
      Object.fromEntries(fieldsOf(sample, data).map(([name, expected]) => [name, expected])),
    );
    expect(paymentOf(data)).toEqual(sample.payment);
  });

  it('OCR-5 at least 68 of 70 fields of all invoices here are right', () => {
    const scored = [...ENGLISH, ...CONTINENTAL, ...UNUSUAL, ...SAMPLES].flatMap((sample) =>
      fieldsOf(sample, read(sample)),
    );
    const payments = SAMPLES.flatMap((sample) => {
      const got = paymentOf(read(sample));
      return KEYS.filter((key) => key in sample.payment || key in got).map((key): [string, string, string] => [
        key,
        JSON.stringify(sample.payment[key]),
        JSON.stringify(got[key]),
      ]);
    });
    const all = [...scored, ...payments];
    const right = all.filter(([, expected, got]) => expected === got).length;
    expect(all.length).toBeGreaterThan(250);
    expect(right / all.length).toBeGreaterThanOrEqual(68 / 70);
  });
});
