/** Validates the values of one record against a named schema. */
import { parseAddress } from '../../../contracts/values/email-address.ts';
import { isTimeZone, TIME_ZONE_EXPECTED } from '../../../contracts/values/time-zone.ts';
import { dateFormatOf } from '../../../contracts/imports/date-format.ts';
import type { FieldKind, ImportField, ImportSchema } from '../../../contracts/imports/vocabulary.ts';

/** A value as it is saved; `null` for an empty optional value. */
export type FieldValue = string | number | boolean | null;

/** What is wrong with a value, as a text: expected …, got …. */
export class FieldFault {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

type Check = (value: string) => FieldValue | FieldFault;

/** How a file writes dates and decimals, where it differs from `2026-01-31` and `1234.50`. */
export interface ValueFormats {
  readonly dateFormat?: string | undefined;
  readonly decimal?: '.' | ',' | undefined;
}

const DEFAULT_MAX = 1_000;

const DECIMAL = /^[+-]?\d{1,30}(?:\.\d{1,15})?$/;
/** Numbers with signs for thousands, by their decimal sign. */
const GROUPED = {
  '.': /^[+-]?\d{1,3}(?:[,'\u2019 \u00a0\u202f]\d{3})+(?:\.\d{1,15})?$/,
  ',': /^[+-]?\d{1,3}(?:[.'\u2019 \u00a0\u202f]\d{3})+(?:,\d{1,15})?$/,
} as const;
const PLAIN = { '.': DECIMAL, ',': /^[+-]?\d{1,30}(?:,\d{1,15})?$/ } as const;

const zones = new Map<string, boolean>();

function isKnownTimeZone(name: string): boolean {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const valid = isTimeZone(name);
  // The cache is bounded, because a hostile file could name millions of zones.
  if (zones.size < 2_000) zones.set(name, valid);
  return valid;
}

/** Checks a date in `YYYY-MM-DD`, and before that in the format of the file where one is given. */
function dateCheck(format: string | undefined): Check {
  const given = format === undefined ? undefined : dateFormatOf(format);
  const named = given === undefined ? '2026-01-31 (or name the format: dateFormat)' : `${format ?? ''} says`;
  const fault = new FieldFault(
    given === undefined ? `expected a date such as ${named}` : `expected a date as ${named}`,
  );
  return (value) => given?.(value) ?? isoDate(value) ?? fault;
}

const isoDate = dateFormatOf('YYYY-MM-DD') ?? ((): undefined => undefined);

/**
 * Reads a number with this decimal sign, and returns it with a point and without signs for thousands; `undefined` for what
 * is no such number.
 */
export function plainDecimal(value: string, sign: '.' | ','): string | undefined {
  if (!PLAIN[sign].test(value) && !GROUPED[sign].test(value)) return undefined;
  return value.replaceAll(sign === ',' ? /[^\d,+-]/g : /[^\d.+-]/g, '').replace(',', '.');
}

/**
 * Checks a decimal number with the decimal sign of the file, and returns it with a point and without signs for thousands.
 * Numbers of a workbook always have a point, so one that the sign of the file does not fit may have it.
 */
function decimalCheck(sign: '.' | ',' | undefined): Check {
  const example = sign === ',' ? '1234,50' : '1234.50';
  const fault = new FieldFault(
    `expected a decimal number such as ${example}${sign === undefined ? ' (or name the sign: decimal)' : ''}`,
  );
  return (value) => {
    const plain = sign === undefined ? undefined : plainDecimal(value, sign);
    if (plain !== undefined) return plain;
    return DECIMAL.test(value) ? value : fault;
  };
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

const when = (holds: (value: string) => boolean, expected: string): Check => {
  const fault = new FieldFault(`expected ${expected}`);
  return (value) => (holds(value) ? value : fault);
};

const checks: Readonly<Record<Exclude<FieldKind, 'date' | 'decimal'>, Check>> = {
  text: (value) => value,
  email: (value) => parseAddress(value) ?? new FieldFault('expected an e-mail address'),
  timeZone: when(isKnownTimeZone, TIME_ZONE_EXPECTED),
  path: when((value) => !value.includes('\u0000'), 'a path'),
  url: when((value) => /^https?:\/\//i.test(value) && URL.canParse(value), 'an http or https address'),
  currency: (value) =>
    /^[A-Za-z]{3}$/.test(value) ? value.toUpperCase() : new FieldFault('expected a currency code of three letters'),
  integer: (value) => {
    const number = /^[+-]?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    return Number.isSafeInteger(number) ? number : new FieldFault('expected a whole number');
  },
  boolean: (value) => BOOLEANS.get(value.toLowerCase()) ?? new FieldFault('expected true or false'),
};

const EMPTY = new FieldFault('expected a value, got nothing');
const NUL = new FieldFault('expected text, got a NUL character');

function checkOfKind(kind: FieldKind, { dateFormat, decimal }: ValueFormats): Check {
  if (kind === 'date') return dateCheck(dateFormat);
  return kind === 'decimal' ? decimalCheck(decimal) : checks[kind];
}

/** Creates the check of one column. */
function checkOf(field: ImportField, formats: ValueFormats): Check {
  const max = field.max ?? DEFAULT_MAX;
  const tooLong = new FieldFault(`expected at most ${max} characters, got more`);
  const empty = field.required === true ? EMPTY : null;
  const check = checkOfKind(field.kind, formats);
  const trims = field.kind !== 'text' && field.kind !== 'path';
  return (raw) => {
    const value = trims ? raw.trim() : raw;
    if (value === '' || value.trim() === '') return empty;
    if (value.length > max) return tooLong;
    if (value.includes('\u0000')) return NUL;
    return check(value);
  };
}

/** A fault in one record. */
export interface RecordFault {
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

/** The values of a record in the order of the schema's fields, and its faults. */
export interface Validated {
  readonly values: FieldValue[];
  readonly faults: RecordFault[];
}

/**
 * Validates the values of a record; `at` returns the raw text of the n-th field of the schema, `undefined` when the
 * file lacks the column.
 */
export type Validate = (at: (field: number) => string | undefined) => Validated;

/** Creates the validation of a schema for a file. */
export function validatorOf(schema: ImportSchema, formats: ValueFormats): Validate {
  const fields = schema.fields.map((field) => ({ name: field.name, check: checkOf(field, formats) }));
  const alternatives = (schema.exactlyOne ?? []).map((name) => fields.findIndex((field) => field.name === name));
  const expected = `expected exactly one of ${(schema.exactlyOne ?? []).join(' and ')}`;
  return (at) => {
    const values: FieldValue[] = [];
    const faults: RecordFault[] = [];
    let index = 0;
    for (const { name, check } of fields) {
      const raw = at(index++) ?? '';
      const value = check(raw);
      if (value instanceof FieldFault) {
        faults.push({ column: name, value: raw, reason: value.reason });
        values.push(null);
      } else values.push(value);
    }
    if (alternatives.length > 0 && faults.length === 0) {
      const given = alternatives.filter((index) => values[index] !== null).length;
      if (given !== 1)
        faults.push({ column: schema.exactlyOne?.[0] ?? '', value: '', reason: `${expected}, got ${given}` });
    }
    return { values, faults };
  };
}

const SHOWN = 3;

/**
 * Shortens a value for a rejects file to its beginning and its length, which lets the owner find it and discloses
 * little.
 */
export function redact(value: string): string {
  const clean = value.slice(0, 2 * SHOWN).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
  if (clean === '') return '';
  const characters = Array.from(clean);
  const shown = characters.slice(0, Math.min(SHOWN, Math.ceil(value.length / 3))).join('');
  return `${shown}… (${value.length} characters)`;
}
