/** What a value is, and in which form it is written. Values come without the spaces around them. */
import { dateFormatOf } from '../../../contracts/imports/date-format.ts';
import type { ValueKind } from '../../../contracts/data/vocabulary.ts';
import { parseAddress } from '../../../contracts/values/email-address.ts';
import { plainDecimal } from '../../imports/reading/fields.ts';

/** A number with leading zeros is a text, because the zeros mean something. */
const INTEGER = /^[+-]?(?:0|[1-9]\d{0,14})$/;
const DECIMAL = /^[+-]?\d{1,30}\.\d{1,15}$/;
const BOOLEAN = /^(?:true|false|yes|no)$/i;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?$/;
const EMPTY_MARK = /^(?:n\/?a|#n\/a|null|nil|none|nan|-{1,3}|\?{1,3})$/i;

/** Most characters of a value that is looked at closely; what is longer is text. */
const CLOSELY = 400;

const isDay = dateFormatOf('YYYY-MM-DD') ?? ((): undefined => undefined);

/** Returns the narrowest kind of a value. */
export function kindOf(value: string): ValueKind {
  if (value.length > CLOSELY) return 'text';
  return startsLikeNumber(value) ? kindOfDigits(value) : kindOfWord(value);
}

function startsLikeNumber(value: string): boolean {
  const first = value.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d; // a digit, + or -
}

function kindOfDigits(value: string): ValueKind {
  if (INTEGER.test(value)) return 'integer';
  if (DECIMAL.test(value)) return 'decimal';
  if (DATE.test(value)) return isDay(value) === undefined ? 'text' : 'date';
  if (TIME.test(value)) return isDay(value.slice(0, 10)) === undefined ? 'text' : 'time';
  return kindOfWord(value);
}

function kindOfWord(value: string): ValueKind {
  if (value.length <= 5 && BOOLEAN.test(value)) return 'boolean';
  if (value.includes('@')) return parseAddress(value) === undefined ? 'text' : 'email';
  return /^https?:\/\//i.test(value) && URL.canParse(value) ? 'url' : 'text';
}

/** Tells whether a value is a mark for nothing, such as `n/a`. */
export function isEmptyMark(value: string): boolean {
  return value.length <= 4 && EMPTY_MARK.test(value);
}

/** The signs with which a number can be read, and whether it is one as it is written. */
export interface NumberForm {
  readonly comma: boolean;
  readonly point: boolean;
  readonly plain: boolean;
}

/** Returns how a value reads as a decimal number; `undefined` for what is none. */
export function numberFormOf(value: string): NumberForm | undefined {
  if (value.length > 60 || !startsLikeNumber(value)) return undefined;
  const comma = plainDecimal(value, ',') !== undefined;
  const point = plainDecimal(value, '.') !== undefined;
  return comma || point ? { comma, point, plain: DECIMAL.test(value) } : undefined;
}

/** Forms of dates that are told apart; a day or month may have one digit. */
export const DATE_FORMS = ['D.M.YYYY', 'D-M-YYYY', 'D/M/YYYY', 'M/D/YYYY'] as const;

/** A form of dates. */
export type DateForm = (typeof DATE_FORMS)[number];

const parsers = DATE_FORMS.map((form) => [form, dateFormatOf(form)] as const);

/** Returns the forms in which a value is a date; with slashes it may be two. */
export function dateFormsOf(value: string): readonly DateForm[] {
  if (value.length > 10 || value.length < 8 || !/^\d{1,2}[./-]/.test(value)) return [];
  return parsers.flatMap(([form, parse]) => (parse?.(value) === undefined ? [] : [form]));
}
