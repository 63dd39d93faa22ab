/** The kinds of configuration entry: each turns one environment string into a typed value. */
import path from 'node:path';
import { z } from 'zod';

/** Description of an entry for people. */
export interface EntryText {
  /** Purpose in one or two sentences; printed in `docs/configuration.md`. */
  readonly doc: string;
  /** Unit of the value, for example `ms`. */
  readonly unit?: string;
  /** The default as shown to people, for a default that depends on other entries. */
  readonly defaultText?: string;
  /** Whether the value is a secret, which is never printed, not even when it is wrong. */
  readonly secret?: boolean;
}

/** Values from which the defaults of some entries are derived. */
export interface Surroundings {
  readonly environment: 'development' | 'production';
  /** Absolute; `undefined` outside of an application. */
  readonly applicationDir: string | undefined;
  /** Absolute. */
  readonly stateDir: string;
  /** Address of the API according to its settings. */
  readonly apiUrl: string;
}

/** One environment variable and the conversion of its value. */
export interface Entry<T> extends EntryText {
  /** Name of the environment variable. */
  readonly variable: string;
  /** Description of a valid value; used in error messages. */
  readonly expected: string;
  /** Makes a string independent of the working folder of a process, for example a relative path. */
  readonly absolute?: (given: string) => string;
  /**
   * Parses a string, or returns the value of an unset variable.
   *
   * @returns `undefined` for an invalid string; an unset variable always has a value
   */
  readonly read: (given: string | undefined, around: Surroundings) => { readonly value: T } | undefined;
}

/** Entries by the names of their values in the configuration; tables may be nested. */
export interface Table {
  readonly [key: string]: Entry<unknown> | Table;
}

/** The values of a table. */
export type ValuesOf<T> = {
  readonly [K in keyof T]: T[K] extends Entry<infer V> ? V : ValuesOf<T[K]>;
};

/** Distinguishes an entry from a table of entries. */
export function isEntry(node: Entry<unknown> | Table): node is Entry<unknown> {
  return 'variable' in node && typeof node.variable === 'string';
}

/** Makes an entry that is parsed by a schema, with a default for each profile. */
function entry<T, F extends T | undefined>(
  variable: string,
  expected: string,
  schema: z.ZodType<T, string>,
  fallback: { readonly development: F; readonly production: F },
  text: EntryText,
): Entry<T | F> {
  return {
    ...text,
    variable,
    expected,
    read: (given, { environment }) => {
      if (given === undefined) return { value: fallback[environment] };
      const parsed = schema.safeParse(given);
      return parsed.success ? { value: parsed.data } : undefined;
    },
  };
}

const same = <T>(fallback: T): { development: T; production: T } => ({ development: fallback, production: fallback });

/** Makes an entry that is parsed by a schema, with one default for both profiles. */
export function parsed<T>(
  variable: string,
  { expected, schema, fallback }: { expected: string; schema: z.ZodType<T, string>; fallback: T },
  text: EntryText,
): Entry<T> {
  return entry(variable, expected, schema, same(fallback), text);
}

/** Converts the value of an entry, for example megabytes to bytes. */
export function mapped<T, U>(from: Entry<T>, map: (value: T, around: Surroundings) => U): Entry<U> {
  return {
    ...from,
    read: (given, around) => {
      const found = from.read(given, around);
      return found === undefined ? undefined : { value: map(found.value, around) };
    },
  };
}

/** Makes an entry for a number within limits, both included. */
export function number(
  variable: string,
  fallback: number,
  limits: { min: number; max: number; decimal?: boolean },
  text: EntryText,
  production = fallback,
): Entry<number> {
  const { min, max, decimal = false } = limits;
  const pattern = decimal ? /^\d+(\.\d+)?$/ : /^\d+$/;
  const schema = z
    .string()
    .regex(pattern)
    .transform(Number)
    .refine((value) => value >= min && value <= max);
  const expected = `a ${decimal ? '' : 'whole '}number from ${String(min)} to ${String(max)}`;
  const shown = text.defaultText ?? String(fallback);
  const defaultText = production === fallback ? shown : `${shown}; ${String(production)} in production`;
  return entry(variable, expected, schema, { development: fallback, production }, { ...text, defaultText });
}

/** Makes an entry for a TCP port; `0` lets the system choose a free one. */
export function port(variable: string, fallback: number, text: EntryText): Entry<number> {
  return {
    ...number(variable, fallback, { min: 0, max: 65_535 }, text),
    expected: 'a port number from 0 to 65535 (0: any free port)',
  };
}

/** Makes an entry for `true`, `false`, `1` or `0`; other strings are refused, so that a typing error does not count as off. */
export function flag(variable: string, fallback: boolean, text: EntryText): Entry<boolean> {
  const schema = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
  const expected = 'true, false, 1 or 0';
  return parsed(variable, { expected, schema, fallback }, { ...text, defaultText: String(fallback) });
}

/** Makes an entry for one of a few words. */
export function choice<const T extends string>(
  variable: string,
  values: readonly T[],
  fallback: NoInfer<T>,
  text: EntryText,
): Entry<T> {
  const schema: z.ZodType<T, string> = z
    .string()
    .refine((value): value is T => (values as readonly string[]).includes(value)); // widened, so that any string can be looked up
  const expected = `one of ${values.join(', ')}`;
  return parsed(variable, { expected, schema, fallback }, { ...text, defaultText: fallback });
}

/** Makes an entry for a non-empty text. */
export function text(variable: string, fallback: string, entryText: EntryText): Entry<string> {
  const shown = { ...entryText, defaultText: entryText.defaultText ?? fallback };
  return parsed(variable, { expected: 'text', schema: z.string(), fallback }, shown);
}

/** Makes an entry for a text that must be set. */
export function required(variable: string, text: EntryText): Entry<string> {
  return {
    ...text,
    variable,
    expected: 'text',
    read: (given) => (given === undefined ? undefined : { value: given }),
  };
}

/** Makes an entry for an optional text of a given form. */
export function optional(
  variable: string,
  expected: string,
  matches: (value: string) => boolean,
  text: EntryText,
): Entry<string | undefined> {
  return entry(variable, expected, z.string().refine(matches), same(undefined), text);
}

/** Makes an entry for a list of texts of a given form, separated by commas; empty when unset. */
export function list(
  variable: string,
  expected: string,
  matches: (value: string) => boolean,
  text: EntryText,
): Entry<readonly string[]> {
  const items = (given: string): string[] =>
    given
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  const whole = optional(variable, expected, (given) => items(given).every(matches), text);
  return mapped(whole, (given) => items(given ?? ''));
}

/** Makes an entry for an optional path, which is made absolute. */
export function filePath(variable: string, expected: string, text: EntryText): Entry<string | undefined> {
  return { ...optional(variable, expected, anyText, text), absolute: (given) => path.resolve(given) };
}

/** Makes an entry for a list of folders, separated as in `PATH` and made absolute. */
export function folders(
  variable: string,
  fallback: (around: Surroundings) => readonly string[],
  text: EntryText,
): Entry<readonly string[]> {
  const list = optional(variable, 'folders, separated like PATH', anyText, text);
  return {
    ...mapped(list, (given, around) => (given === undefined ? fallback(around) : split(given))),
    absolute: (given) =>
      split(given)
        .map((folder) => path.resolve(folder))
        .join(path.delimiter),
  };
}

const split = (list: string): string[] => list.split(path.delimiter).filter((folder) => folder !== '');

/** Tells whether a string is a URL with one of these schemes, which include the colon. */
export function isUrl(value: string, schemes: readonly string[]): boolean {
  return URL.canParse(value) && schemes.includes(new URL(value).protocol);
}

/** Tells whether a string is an http or https URL. */
export function isHttpUrl(value: string): boolean {
  return isUrl(value, ['http:', 'https:']);
}

/** Tells whether a string is an http or https URL without a path: what a browser sends as the origin of a page. */
export function isOrigin(value: string): boolean {
  return isHttpUrl(value) && new URL(value).origin === value;
}

/** A pattern that matches every text. */
export function anyText(): boolean {
  return true;
}

/** Description of a valid API key. */
export const API_KEY_EXPECTED = 'a key of at least 16 characters';

/** Tells whether an API key is long enough. */
export function isLongKey(value: string): boolean {
  return value.length >= 16;
}
