/** Faults of an input by field, in words for people, derived from the issues of a schema. */
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** One fault of an input. */
export interface FieldFault {
  /** Path of the field, for example `documentIds[3]`; empty for the input as a whole. */
  readonly field: string;
  /** Expected value, for example `at most 10 entries`. */
  readonly expected: string;
  /** Actual value, shortened. */
  readonly got: string;
}

/** Options for the text of faults. */
export interface FaultOptions {
  /** Name of the input, used as a prefix of the field names. @defaultValue none */
  readonly at?: string;
  /** Whether only kind and length of a value are shown, for texts that others may read. @defaultValue false */
  readonly hideValues?: boolean;
}

/** Most faults that are described; an answer about 100,000 wrong entries helps nobody. */
const MOST_FAULTS = 100;

/**
 * Describes the first 100 faults of an input. A last one tells how many there are besides.
 *
 * @param issues - issues that the schema reported
 * @param input - input that was refused
 */
export function fieldFaults(
  issues: readonly Issue[],
  input: unknown,
  { at = '', hideValues = false }: FaultOptions = {},
): readonly FieldFault[] {
  const places = issues
    .flatMap((issue) => innermost(issue))
    .flatMap((issue) => {
      const extra = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
      return extra.map((key) => ({ issue, path: key === undefined ? issue.path : [...issue.path, key] }));
    });
  const faults = places.slice(0, MOST_FAULTS).map(({ issue, path }): FieldFault => {
    const value = valueAt(input, path);
    return {
      field: fieldName(path, at),
      expected: expectation(issue, value),
      got: hideValues ? kindOf(value) : describeValue(value),
    };
  });
  const rest = places.length - faults.length;
  return rest === 0 ? faults : [...faults, { field: at, expected: 'no further faults', got: `${String(rest)} more` }];
}

/** Formats a fault as a sentence: `window: expected at least 1, got 0`. */
export function faultText({ field, expected, got }: FieldFault): string {
  return `${field === '' ? 'input' : field}: expected ${expected}, got ${got}`;
}

/**
 * Returns the most specific issues. For a union, these are the issues of the variant that nearly matches, which is the one
 * that was refused for a field inside the value and not for its type.
 */
function innermost(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const near = issue.errors.filter((form) => form.length > 0 && form.every(isInside));
  const best = near.sort((a, b) => a.length - b.length)[0];
  if (best === undefined) return [issue];
  return best.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** Tells whether an issue is about a field that exists, and not about a missing or unknown one or the value as a whole. */
function isInside(issue: Issue): boolean {
  if (issue.path.length === 0 || issue.code === 'unrecognized_keys') return false;
  return !(issue.code === 'invalid_type' && issue.input === undefined && /undefined/.test(issue.message));
}

function fieldName(path: readonly PropertyKey[], at: string): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === 'number') return `${name}[${String(key)}]`;
    return name === '' ? String(key) : `${name}.${String(key)}`;
  }, at);
}

/** Names for types that JSON does not have. */
const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  nonoptional: 'a value',
  record: 'object',
  tuple: 'array',
  nan: 'no number',
};

/** Names for string formats. */
const FORMS: Readonly<Record<string, string>> = {
  datetime: 'an ISO date and time such as 2026-03-01T08:00:00Z',
  date: 'an ISO date such as 2026-03-01',
  time: 'a time such as 08:00:00',
  duration: 'an ISO duration such as PT5M',
  email: 'an e-mail address',
  url: 'a URL',
  uuid: 'a UUID',
  base64: 'text in Base64',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
};

function expectation(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values.map((choice) => JSON.stringify(choice)));
    case 'unrecognized_keys':
      return 'no such field';
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${amount(issue.maximum, issue.origin)}`;
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${amount(issue.minimum, issue.origin)}`;
    case 'not_multiple_of':
      return `a multiple of ${String(issue.divisor)}`;
    case 'invalid_format':
      return formOf(issue);
    default:
      return said(issue.message, value);
  }
}

/** Most choices that are listed. */
const MOST_CHOICES = 30;

function oneOf(choices: readonly string[]): string {
  if (choices.length === 1) return choices[0] ?? '';
  const rest = choices.length - MOST_CHOICES;
  return `one of ${choices.slice(0, MOST_CHOICES).join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
}

function formOf(issue: Extract<Issue, { code: 'invalid_format' }>): string {
  // A message that the schema defines itself; messages of the library begin differently.
  if (!/^Invalid\b/.test(issue.message)) return said(issue.message, issue.input);
  const form = FORMS[issue.format];
  if (form !== undefined) return form;
  return issue.pattern === undefined ? `text of the form ${issue.format}` : `text that matches ${issue.pattern}`;
}

/** Returns the schema's own message without the words that the fault adds anyway. */
function said(message: string, value: unknown): string {
  const words = message.replace(/^expected /i, '');
  return /^Invalid( input)?\b/.test(words) ? `another value than ${kindOf(value)}` : words;
}

function amount(limit: number | bigint, origin: string): string {
  const unit = origin === 'string' ? 'character' : origin === 'array' || origin === 'set' ? 'entr' : '';
  if (unit === '') return String(limit);
  const one = Number(limit) === 1;
  return `${String(limit)} ${unit === 'entr' ? (one ? 'entry' : 'entries') : one ? unit : `${unit}s`}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    // Any object may be indexed by a string; a missing key gives `undefined`.
    return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }, input);
}

/** Longest text that is quoted; a longer one may be the content of a document. */
const MOST_SHOWN = 60;

/** Describes a value in a few words. */
function describeValue(value: unknown): string {
  if (typeof value === 'string' && value.length <= MOST_SHOWN) return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return kindOf(value);
}

/** Describes the kind of a value without its content, except for the names of its fields. */
export function kindOf(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'string':
      return value === '' ? 'an empty string' : `a string of ${String(value.length)} characters`;
    case 'object':
      return kindOfObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function kindOfObject(value: object | null): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${String(value.length)}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 6).join(', ')}`;
}
