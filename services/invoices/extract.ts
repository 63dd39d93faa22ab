/**
 * Reads the fields of an invoice without a template: from where values stand relative to their labels, in six
 * languages, and from whether the sums add up.
 */
import { toFound, type Candidate } from './fields/candidates.ts';
import { currencyMarks, findCurrency } from './amounts/currency.ts';
import { placesOf } from './amounts/currency-marks.ts';
import { findDate } from './dates/date.ts';
import { openDocument, type InvoiceDocument } from './page/document.ts';
import { findIssuer } from './parties/issuer.ts';
import { readLines, type ReadLines } from './lines/lines.ts';
import { findNumber } from './fields/number.ts';
import { readPlainLines } from './page/plain-lines.ts';
import type { ExtractInvoice, Found, InvoiceData, InvoiceLine } from './port.ts';
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

function field<K extends 'issuer' | 'number' | 'date' | 'currency'>(
  key: K,
  candidate: Candidate<string> | undefined,
): Partial<Pick<InvoiceData, K>> {
  // TypeScript widens one computed key to string.
  return candidate === undefined ? {} : ({ [key]: toFound(candidate) } as Pick<InvoiceData, K>);
}

function sumFields(sums: Sums, places: number): Pick<InvoiceData, 'total' | 'untaxed' | 'tax'> {
  const page = (sums.total ?? sums.untaxed ?? sums.tax)?.source?.page ?? 0;
  const found = (['total', 'untaxed', 'tax'] as const).map((key) => [key, foundSum(sums[key], places, page)] as const);
  return Object.fromEntries(found.filter(([, sum]) => sum !== undefined));
}

/**
 * Finds issuer, number, date, currency, sums and lines of an invoice in the pages that were read. Fields that are not
 * found are absent. Descriptions of several rows are joined with a line break.
 */
export const extractInvoice: ExtractInvoice = (pages) => {
  const document = openDocument(pages);
  const marks = currencyMarks(document);
  const firstLook = findCurrency(document, marks, undefined);
  const table = readLines(document, placesOf(firstLook?.value));
  const sums = readSums(document, table);
  const currency = findCurrency(document, marks, rowOf(document, sums.total));
  const places = placesOf(currency?.value);
  return {
    ...field('issuer', findIssuer(document, table.rows)),
    ...field('number', findNumber(document, table.rows)),
    ...field('date', findDate(document)),
    ...field('currency', currency),
    ...sumFields(sums, places),
    lines: linesOf(document, table, sums, places),
  };
};
