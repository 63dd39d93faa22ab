/** Amounts of money: decimal numbers for people, and whole numbers of the smallest unit of a currency for the provider. */
import { PerennialError } from '../../contracts/failures.ts';

/** Currencies whose smallest unit is the currency itself. */
const WITHOUT_DECIMALS = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));

/** Currencies with thousandths, of which the provider takes whole tens. */
const WITH_THREE = new Set('bhd jod kwd omr tnd'.split(' '));

/** Currencies that are written with hundredths to the provider and have none. */
const WHOLE_HUNDREDS = new Set(['isk', 'ugx']);

/** Most digits that the provider takes. */
const MOST_DIGITS = 12;

/** Returns the decimals of a currency as the provider counts them. */
function decimalsOf(currency: string): number {
  if (WITHOUT_DECIMALS.has(currency)) return 0;
  return WITH_THREE.has(currency) ? 3 : 2;
}

/**
 * Reads a decimal number such as `12.50` as a whole number of the smallest unit. It is never a fraction in between, so that
 * nothing is rounded.
 *
 * @param currency - three small letters
 * @throws PerennialError `InvalidAmount`
 */
export function smallestUnits(amount: string, currency: string): number {
  const decimals = decimalsOf(currency);
  const [, whole = '', part = ''] = /^(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === '' || part.length > decimals) throw invalid(currency, decimals);
  const digits = whole + part.padEnd(decimals, '0');
  const units = Number(digits);
  if (units === 0 || units % stepOf(currency) !== 0 || String(units).length > MOST_DIGITS)
    throw invalid(currency, decimals);
  return units;
}

/** What the provider takes amounts in multiples of. */
function stepOf(currency: string): number {
  if (WITH_THREE.has(currency)) return 10;
  return WHOLE_HUNDREDS.has(currency) ? 100 : 1;
}

function invalid(currency: string, decimals: number): PerennialError {
  const example = decimals === 0 ? '500' : `12.${'5'.padEnd(decimals, '0')}`;
  return new PerennialError(
    'InvalidAmount',
    `amount: expected more than 0, with what ${currency.toUpperCase()} has behind the point, such as ${example}, got something else`,
  );
}

/** Writes a whole number of the smallest unit as a decimal number. */
export function decimalAmount(units: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(units)).padStart(decimals + 1, '0');
  const sign = units < 0 ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
