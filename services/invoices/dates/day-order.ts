/** Decides from the whole document whether `03/04/2024` is in April or in March. */
import { isOpen, type DateReading, type DayOrder } from './dates.ts';
import type { InvoiceDocument } from '../page/document.ts';
import { DAY_MS } from '../../../contracts/values/units.ts';

/** Words of countries and currencies where the day comes first unless other evidence contradicts. */
const DAY_FIRST_WORDS =
  /^(?:gbp|eur|aud|nzd|chf|sek|nok|dkk|inr|abn|gst|vat|rechnung|facture|factura|factuur|fattura|tva|iva|btw|mwst|ust|datum|fecha|iban|ltd|gmbh|bv|sarl|srl|australia|zealand|kingdom|england|london|india|ireland|singapore|europe|pty|plc)$/;
const MONTH_FIRST_WORDS = /^(?:usd|usa|ein|zip|states|llc|inc|corp|ach)$/;

/** Matches an American state and its ZIP code: two capitals and five digits. */
function isStateCode(state: string, code: string | undefined): boolean {
  return /^[A-Z]{2}$/.test(state) && code !== undefined && /^\d{5}(?:-\d{4})?\W?$/.test(code);
}

/** Pages whose words are evidence; later pages hold terms and conditions. */
const PAGES_READ = 3;

function wordVotes(document: InvoiceDocument): number {
  let [day, month] = [0, 0];
  for (const row of document.layouts.slice(0, PAGES_READ).flatMap((layout) => layout.rows)) {
    row.tokens.forEach((token, index) => {
      if (token.text.length > 24) return;
      const word = token.text.toLowerCase().replaceAll(/[^a-zäöüéèàß]/g, '');
      if (/[€£]/.test(token.text) || DAY_FIRST_WORDS.test(word)) day += 1;
      if (MONTH_FIRST_WORDS.test(word)) month += 1;
      if (isStateCode(token.text.replaceAll(/\W/g, ''), row.tokens[index + 1]?.text)) month += 2;
      if (token.text.includes('$')) month += 0.2;
    });
  }
  return day - month;
}

/** Counts the days from one ISO date to another. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

/** Usual terms of payment, in days. */
const USUAL_TERMS: ReadonlySet<number> = new Set([
  7, 8, 10, 14, 15, 20, 21, 28, 29, 30, 31, 45, 59, 60, 61, 90, 91, 92,
]);

function termScore(date: string | undefined, due: string | undefined): number {
  if (date === undefined || due === undefined) return 0;
  const days = daysBetween(date, due);
  if (days < 0) return -4;
  if (days > 125) return -2;
  return USUAL_TERMS.has(days) ? 2 : 0;
}

/**
 * Decides the order of day and month from unambiguous dates, from the days between date and due date, and from the
 * words of the document.
 */
export function decideDayOrder(
  document: InvoiceDocument,
  dates: readonly DateReading[],
  pair?: { date: DateReading; due: DateReading },
): DayOrder {
  let score = 0;
  for (const reading of dates) {
    if (isOpen(reading) || reading.dayFirst === reading.monthFirst) continue;
    score += reading.dayFirst === undefined ? -5 : 5;
  }
  if (pair !== undefined)
    score += termScore(pair.date.dayFirst, pair.due.dayFirst) - termScore(pair.date.monthFirst, pair.due.monthFirst);
  const words = Math.max(-3, Math.min(3, wordVotes(document)));
  const comma = document.decimalSign === ',' ? 2 : 0;
  return score + words + comma >= 0 ? 'day-first' : 'month-first';
}
