/** Signs and codes of currencies. */
import { withoutEnd } from '../../../contracts/values/text.ts';

/** ISO codes that count as a currency when they stand beside an amount. */
export const CURRENCY_CODES: readonly string[] =
  'USD EUR GBP CHF CAD AUD NZD JPY CNY INR SEK NOK DKK PLN CZK HUF RON BGN TRY BRL MXN ZAR SGD HKD KRW THB ILS AED SAR MYR IDR PHP VND ARS CLP COP PEN UAH ISK'.split(
    ' ',
  );

const CODES: ReadonlySet<string> = new Set(CURRENCY_CODES);

const SIGNS: Readonly<Record<string, string>> = {
  US$: 'USD',
  U$: 'USD',
  C$: 'CAD',
  CA$: 'CAD',
  CAD$: 'CAD',
  A$: 'AUD',
  AU$: 'AUD',
  AUD$: 'AUD',
  NZ$: 'NZD',
  HK$: 'HKD',
  S$: 'SGD',
  R$: 'BRL',
  MX$: 'MXN',
  USD$: 'USD',
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  '₹': 'INR',
  '₩': 'KRW',
  '₺': 'TRY',
  '₽': 'RUB',
  '฿': 'THB',
  '₫': 'VND',
  '₪': 'ILS',
  'Fr.': 'CHF',
  SFr: 'CHF',
  'SFr.': 'CHF',
  sFr: 'CHF',
  kr: 'SEK',
  'kr.': 'DKK',
  zł: 'PLN',
  Kč: 'CZK',
  Ft: 'HUF',
  Rs: 'INR',
  'Rs.': 'INR',
  Euro: 'EUR',
  EURO: 'EUR',
  euro: 'EUR',
  Euros: 'EUR',
  Dollars: 'USD',
};

/** Returns the ISO code for a sign or code that stands alone: `$`, `EUR`, `(USD)`. */
export function currencyOfMark(text: string): string | undefined {
  if (text.length > 8) return undefined;
  const bare = withoutEnd(text.replace(/^[([]/, ''), /[)\]:]/);
  if (CODES.has(bare)) return bare;
  return Object.hasOwn(SIGNS, bare) ? SIGNS[bare] : undefined;
}

/** Returns the currency of a number with its mark attached: `$4.11`, `12,50€`, `EUR12.00`. */
export function currencyOfNumber(text: string): string | undefined {
  if (text.length > 32 || !/\d/.test(text)) return undefined;
  const mark =
    /^[(−–-]?([A-Z]{0,3}[$€£¥₹₩₺₽฿₫₪]|[A-Z]{3})[−–-]?\d/.exec(text)?.[1] ??
    /\d([$€£¥₹₩₺₽฿₫₪]|[A-Z]{3})[)]?$/.exec(text)?.[1];
  return mark === undefined ? undefined : currencyOfMark(mark);
}

/** Tells whether several currencies share the sign, so that a code elsewhere on the invoice decides. */
export function isSharedSign(text: string): boolean {
  return /(?:^|[^A-Z])[$¥]/.test(text) || /^kr\.?$/.test(text);
}

/** Returns how many decimals amounts of a currency are written with. */
export function placesOf(currency: string | undefined): number {
  return currency === 'JPY' || currency === 'KRW' || currency === 'VND' || currency === 'CLP' || currency === 'ISK'
    ? 0
    : 2;
}
