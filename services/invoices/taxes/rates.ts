/** Completes the tax rates that were read and converts them for the port. */
import { moneyText, near, numberText } from '../amounts/amounts.ts';
import type { Sums } from '../amounts/settle.ts';
import { confidence, weighReading } from '../fields/candidates.ts';
import { boxAround, meanConfidence } from '../page/layout.ts';
import type { Found, InvoiceTax } from '../port.ts';
import { taxOf, type ReadRate } from './rate-rows.ts';

/** Completes the only rate of an invoice by the net sum that it fits. */
function withBase(rates: readonly ReadRate[], { untaxed }: Sums): readonly ReadRate[] {
  const [only] = rates;
  if (rates.length !== 1 || only?.amount === undefined || only.base !== undefined || untaxed === undefined)
    return rates;
  const fits = only.amount.units !== 0n && near(taxOf(untaxed.value, only.rate), only.amount, 2n);
  return fits ? [{ ...only, base: untaxed.value }] : rates;
}

function toTax({ rate, base, amount, row, score }: ReadRate, places: number): Found<InvoiceTax> {
  const box = boxAround(row.tokens);
  return {
    value: {
      rate: numberText(rate),
      ...(base === undefined ? {} : { base: moneyText(base, places) }),
      ...(amount === undefined ? {} : { amount: moneyText(amount, places) }),
    },
    confidence: confidence(weighReading(score, meanConfidence(row.tokens))),
    page: row.page,
    ...(box === undefined ? {} : { box }),
  };
}

/** Returns the tax rates with their sums. */
export function toTaxes(rates: readonly ReadRate[], sums: Sums, places: number): Found<InvoiceTax>[] {
  return withBase(rates, sums).map((rate) => toTax(rate, places));
}
