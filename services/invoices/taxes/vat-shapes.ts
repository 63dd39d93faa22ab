/**
 * The shapes of VAT identification numbers by country. Those of the European Union follow the structure that VIES, the
 * service of the European Commission, publishes; Switzerland, Norway and the United Kingdom publish their own.
 */
import { hasRightDigits } from './vat-digits.ts';

/** What follows the prefix of the country. */
const SHAPES: Readonly<Record<string, string>> = {
  AT: 'U\\d{8}',
  BE: '[01]\\d{9}',
  BG: '\\d{9,10}',
  CHE: '\\d{9}',
  CY: '\\d{8}[A-Z]',
  CZ: '\\d{8,10}',
  DE: '\\d{9}',
  DK: '\\d{8}',
  EE: '\\d{9}',
  EL: '\\d{9}',
  ES: '[A-Z]\\d{7}[A-Z0-9]|\\d{8}[A-Z]',
  FI: '\\d{8}',
  FR: '[0-9A-HJ-NP-Z]{2}\\d{9}',
  GB: '\\d{9}(?:\\d{3})?|GD\\d{3}|HA\\d{3}',
  HR: '\\d{11}',
  HU: '\\d{8}',
  IE: '\\d{7}[A-W][A-I]?|\\d[A-Z+*]\\d{5}[A-W]',
  IT: '\\d{11}',
  LT: '\\d{9}|\\d{12}',
  LU: '\\d{8}',
  LV: '\\d{11}',
  MT: '\\d{8}',
  NL: '\\d{9}B\\d{2}',
  NO: '\\d{9}(?:MVA)?',
  PL: '\\d{10}',
  PT: '\\d{9}',
  RO: '\\d{2,10}',
  SE: '\\d{10}01',
  SI: '\\d{8}',
  SK: '\\d{10}',
  XI: '\\d{9}(?:\\d{3})?',
};

const PREFIXED: ReadonlyMap<string, RegExp> = new Map(
  Object.entries(SHAPES).map(([prefix, shape]) => [prefix, new RegExp(`^${prefix}(?:${shape})$`)]),
);

/** Words that introduce a number without the prefix of its country, and the countries where they are used. */
const NATIONAL: readonly (readonly [words: RegExp, countries: readonly string[]])[] = [
  [/p\.? ?iva|partita iva/i, ['IT']],
  [/\bnip\b/i, ['PL']],
  [/\bcif\b/i, ['ES']],
  [/\bnif\b|\bn\.i\.f/i, ['ES', 'PT']],
  [/\bnipc\b|contribuinte/i, ['PT']],
  [/\bbtw\b|\btva\b/i, ['BE', 'FR', 'NL']],
  [/\bvat\b/i, ['GB']],
];

/** Returns a number with its prefix when the text, in capitals without punctuation, has the shape of its country. */
export function vatIdOf(text: string): string | undefined {
  const bare = text.replace(/^(CHE\d{9})(?:MWST|TVA|IVA|HR)$/, '$1');
  const prefix = bare.startsWith('CHE') ? 'CHE' : bare.slice(0, 2);
  return PREFIXED.get(prefix)?.test(bare) === true ? bare : undefined;
}

/** Returns a number without prefix with the prefix of the country whose label stands before it. */
export function nationalVatId(text: string, label: string): string | undefined {
  const countries = NATIONAL.find(([words]) => words.test(label))?.[1] ?? [];
  // The shapes of Romania and others hold any short number, so only the countries of the label are tried.
  const found = countries.map((country) => vatIdOf(country + text)).filter((id) => id !== undefined);
  return found.find(hasRightDigits) ?? found[0];
}
