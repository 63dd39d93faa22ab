/** What models cost. Costs are counted in billionths of the currency, so that they are whole numbers. */
import { withoutEnd } from '../../contracts/values/text.ts';
import type { Price, Prices, Tokens } from './port.ts';

const BILLIONTHS = 1_000_000_000;
const TOKENS_OF_PRICE = 1_000_000;

/** Creates the list of prices. @param perMillion - prices of a million tokens by model, with at most three decimals */
export function createPrices(perMillion: ReadonlyMap<string, Price>): Prices {
  const perToken = (price: number): number => Math.round((price * BILLIONTHS) / TOKENS_OF_PRICE);
  return {
    of: (model) => {
      const price = perMillion.get(model);
      return price === undefined ? undefined : { input: perToken(price.input), output: perToken(price.output) };
    },
  };
}

/** Returns what tokens cost, in billionths; nothing without a price. */
export function costOf(price: Price | undefined, { input, output }: Tokens): number {
  return price === undefined ? 0 : price.input * input + price.output * output;
}

/** Returns an amount in billionths. */
export function billionthsOf(amount: number): number {
  return Math.round(amount * BILLIONTHS);
}

/** Writes an amount in billionths as a decimal number without zeros at its end. */
export function decimalCost(billionths: number): string {
  const digits = String(billionths).padStart(10, '0');
  return withoutEnd(withoutEnd(`${digits.slice(0, -9)}.${digits.slice(-9)}`, /0/), /\./);
}
