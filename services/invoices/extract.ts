/**
 * Reads the fields of an invoice without a template: from where values stand relative to their labels, in eight
 * languages, and from whether the sums add up.
 */
import { toFound, type Candidate } from './fields/candidates.ts';
import { currencyMarks, findCurrency } from './amounts/currency.ts';
import { placesOf } from './amounts/currency-marks.ts';
import { findDates } from './dates/date.ts';
import { computeDue } from './dates/terms.ts';
import { openDocument, type InvoiceDocument } from './page/document.ts';
import { readParties } from './parties/identify.ts';
import { readRates } from './taxes/rate-rows.ts';
import { toTaxes } from './taxes/rates.ts';
import { readLines, type ReadLines } from './lines/lines.ts';
import { findNumber } from './fields/number.ts';
import { readPlainLines } from './page/plain-lines.ts';
import type { PageReading } from '../ocr/port.ts';
import type { Found, InvoiceData, InvoiceLine } from './port.ts';
import type { Sums } from './amounts/settle.ts';
import { foundSum, readSums, rowOf } from './amounts/totals.ts';

/** Reads the lines of the table, or of a list whose amounts add up to a printed sum. */
function linesOf(
  document: InvoiceDocument,
  table: ReadLines,
  sums: Sums,
  places: number,
): readonly Found<InvoiceLine>[] {
  if (table.lines.length > 0) return table.lines.map((line) => line.found);
  const goals = [sums.untaxed?.value, sums.total?.value]
    .filter((goal) => goal !== undefined && goal.units !== 0n)
    .filter((goal) => goal !== undefined);
  return readPlainLines(document, goals, places).map((line) => line.found);
}

type PlainField = 'issuer' | 'number' | 'date' | 'dueDate' | 'currency' | 'issuerVatId' | 'buyerVatId' | 'iban' | 'bic';

function field<K extends PlainField>(key: K, candidate: Candidate<string> | undefined): Partial<Pick<InvoiceData, K>> {
  // TypeScript widens one computed key to string.
  return candidate === undefined ? {} : ({ [key]: toFound(candidate) } as Pick<InvoiceData, K>);
}

function sumFields(sums: Sums, places: number): Pick<InvoiceData, 'total' | 'untaxed' | 'tax'> {
  const page = (sums.total ?? sums.untaxed ?? sums.tax)?.source?.page ?? 0;
  const found = (['total', 'untaxed', 'tax'] as const).map((key) => [key, foundSum(sums[key], places, page)] as const);
  return Object.fromEntries(found.filter(([, sum]) => sum !== undefined));
}

/** Finds the date of the invoice and the due date, which is computed from the terms where no date is printed. */
function dateFields(document: InvoiceDocument, table: ReadLines): Pick<InvoiceData, 'date' | 'dueDate'> {
  const { date, due } = findDates(document);
  const dueDate = due ?? (date === undefined ? undefined : computeDue(document, table.rows, date.value));
  return { ...field('date', date), ...field('dueDate', dueDate) };
}

/**
 * Finds parties, number, dates, currency, sums, taxes, bank data and lines of an invoice in the pages that were read.
 * Fields that are not found are absent. Descriptions of several rows are joined with a line break. The function is pure
 * and never throws on odd input.
 */
export function extractInvoice(pages: readonly PageReading[]): InvoiceData {
  const document = openDocument(pages);
  const marks = currencyMarks(document);
  const firstLook = findCurrency(document, marks, undefined);
  const table = readLines(document, placesOf(firstLook?.value));
  const rates = readRates(document, table.rows);
  const sums = readSums(document, table, rates);
  const currency = findCurrency(document, marks, rowOf(document, sums.total));
  const places = placesOf(currency?.value);
  const parties = readParties(document, table.rows);
  const taxes = toTaxes(rates, sums, places);
  return {
    ...field('issuer', parties.issuer),
    ...field('number', findNumber(document, table.rows)),
    ...dateFields(document, table),
    ...field('currency', currency),
    ...sumFields(sums, places),
    ...(taxes.length === 0 ? {} : { taxes }),
    ...field('issuerVatId', parties.issuerVatId),
    ...field('buyerVatId', parties.buyerVatId),
    ...field('iban', parties.iban),
    ...field('bic', parties.bic),
    lines: linesOf(document, table, sums, places),
  };
}
