/** Checks the digits of VAT identification numbers, so that a misread digit is seen. */
import { stdnum } from 'stdnum';

/** The name of the number in the library, by the prefix of its country. */
const KINDS: Readonly<Record<string, string>> = {
  AT: 'uid',
  BE: 'vat',
  BG: 'vat',
  CH: 'uid',
  CY: 'vat',
  CZ: 'dic',
  DE: 'vat',
  DK: 'cvr',
  EE: 'kmkr',
  EL: 'vat',
  ES: 'nif',
  FI: 'alv',
  FR: 'tva',
  GB: 'vat',
  HR: 'oib',
  HU: 'anum',
  IE: 'vat',
  IT: 'iva',
  LT: 'pvm',
  LU: 'tva',
  LV: 'pvn',
  MT: 'vat',
  NL: 'btw',
  NO: 'orgnr',
  PL: 'nip',
  PT: 'nif',
  RO: 'cui',
  SE: 'vat',
  SI: 'ddv',
  SK: 'dph',
  XI: 'vat',
};

/** Prefixes that differ from the code of the country: Greece, and Northern Ireland, whose numbers are British. */
const COUNTRIES: Readonly<Record<string, string>> = { EL: 'GR', XI: 'GB' };

/** Tells whether the check digits of a number in capitals with its prefix are right; an unknown prefix has none. */
export function hasRightDigits(id: string): boolean {
  const prefix = id.slice(0, 2);
  const kind = KINDS[prefix];
  const validator = kind === undefined ? undefined : stdnum[COUNTRIES[prefix] ?? prefix]?.[kind];
  // The library wants the prefix of Switzerland, and knows the one of Norway without its end.
  const number = prefix === 'CH' ? id : id.slice(2).replace(/MVA$/, '');
  return validator?.validate(number).isValid ?? true;
}
