/** What each fix makes of a value. What it does not fit stays as it is. */
import { dateFormatOf } from '../../../contracts/imports/date-format.ts';
import type { CellFix } from '../../../contracts/data/vocabulary.ts';
import { plainDecimal } from '../../imports/reading/fields.ts';
import { isEmptyMark, kindOf } from './kinds.ts';

/** Makes a better value of one. */
export type Mend = (value: string) => string;

/**
 * Returns what a fix does to the values of a column.
 * @param form - how dates or decimal signs are written, for the fixes that need it
 */
export function mendOf(kind: CellFix, form: string | undefined): Mend {
  return MENDS[kind](form ?? '');
}

const MENDS: Readonly<Record<CellFix, (form: string) => Mend>> = {
  trim: () => (value) => value.trim(),
  emptyMark: () => (value) => (isEmptyMark(value.trim()) ? '' : value),
  number: (form) => {
    const sign = form === ',' ? ',' : '.';
    return (value) => plainDecimal(value.trim(), sign) ?? value;
  },
  date: (form) => {
    const parse = dateFormatOf(form);
    return (value) => parse?.(value.trim()) ?? value;
  },
  boolean: () => (value) => TRUTHS.get(value.trim().toLowerCase()) ?? value,
  email: () => (value) => {
    const address = value.trim();
    return kindOf(address) === 'email' ? lowerDomain(address) : value;
  },
};

const TRUTHS: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['yes', 'true'],
  ['false', 'false'],
  ['no', 'false'],
]);

/** Only the part behind the sign means the same in small letters. */
function lowerDomain(address: string): string {
  const at = address.lastIndexOf('@');
  return address.slice(0, at) + address.slice(at).toLowerCase();
}
