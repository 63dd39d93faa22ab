/** The kinds of configuration entry: each turns one environment string into a typed value. */
import path from 'node:path';
import { z } from 'zod';

/** What one entry is, for people. */
export interface EntryText {
  /** What it is for, in one or two sentences; printed in `docs/configuration.md`. */
  readonly doc: string;
  /** Unit of the value, for example `ms`. */
  readonly unit?: string;
  /** The default as shown to people; defaults that depend on other entries describe themselves. */
  readonly defaultText?: string;
  /** The value is never printed, not even when it is wrong. */
  readonly secret?: boolean;
}

/** What the defaults of some entries are made from. */
export interface Surroundings {
  readonly environment: 'development' | 'production';
  /** Absolute. */
  readonly stateDir: string;
  /** Where the API answers by its own settings. */
  readonly apiUrl: string;
}

/** One environment variable and the value that the configuration gets from it. */
export interface Entry<T> extends EntryText {
  /** Name of the environment variable. */
  readonly variable: string;
  /** What a right value looks like; used in error messages. */
  readonly expected: string;
  /** The same string, but with a meaning that does not depend on the folder in which a process runs. */
  readonly absolute?: (given: string) => string;
  /**
   * The value of a string, or of an unset variable.
   *
   * @returns nothing when the string is not what is expected; an unset variable always has a value
   */
  readonly read: (given: string | undefined, around: Surroundings) => { readonly value: T } | undefined;
}

/** Entries by the name under which the configuration holds their values; tables may hold tables. */
export interface Table {
  readonly [key: string]: Entry<unknown> | Table;
}

/** The values of a table. */
export type ValuesOf<T> = {
  readonly [K in keyof T]: T[K] extends Entry<infer V> ? V : ValuesOf<T[K]>;
};

/** Tells an entry from a table of entries. */
export function isEntry(node: Entry<unknown> | Table): node is Entry<unknown> {
  return 'variable' in node && typeof node.variable === 'string';
}

/** An entry whose strings a schema understands; unset, its value is the fallback of the profile. */
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

/** An entry whose strings a schema understands, with one default for both profiles. */
export function parsed<T>(
  variable: string,
  { expected, schema, fallback }: { expected: string; schema: z.ZodType<T, string>; fallback: T },
  text: EntryText,
): Entry<T> {
  return entry(variable, expected, schema, same(fallback), text);
}

/** An entry whose value is made from that of another kind, for example bytes from megabytes. */
export function mapped<T, U>(from: Entry<T>, map: (value: T, around: Surroundings) => U): Entry<U> {
  return {
    ...from,
    read: (given, around) => {
      const found = from.read(given, around);
      return found === undefined ? undefined : { value: map(found.value, around) };
    },
  };
}

/** A whole or decimal number within limits, the limits included. */
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

/** A TCP port; `0` lets the system choose a free one. */
export function port(variable: string, fallback: number, text: EntryText): Entry<number> {
  return {
    ...number(variable, fallback, { min: 0, max: 65_535 }, text),
    expected: 'a port number from 0 to 65535 (0: any free port)',
  };
}

/** `true`, `false`, `1` or `0`; nothing else, so that `yes` or `flase` is never taken for off. */
export function flag(variable: string, fallback: boolean, text: EntryText): Entry<boolean> {
  const schema = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
  const expected = 'true, false, 1 or 0';
  return parsed(variable, { expected, schema, fallback }, { ...text, defaultText: String(fallback) });
}

/** One of a few words. */
export function choice<const T extends string>(
  variable: string,
  values: readonly T[],
  fallback: NoInfer<T>,
  text: EntryText,
): Entry<T> {
  const schema: z.ZodType<T, string> = z
    .string()
    .refine((value): value is T => (values as readonly string[]).includes(value)); // widened to ask for any string
  const expected = `one of ${values.join(', ')}`;
  return parsed(variable, { expected, schema, fallback }, { ...text, defaultText: fallback });
}

/** Any text that is not empty. */
export function text(variable: string, fallback: string, entryText: EntryText): Entry<string> {
  const shown = { ...entryText, defaultText: entryText.defaultText ?? fallback };
  return parsed(variable, { expected: 'text', schema: z.string(), fallback }, shown);
}

/** Text of a given form that may stay unset. */
export function optional(
  variable: string,
  expected: string,
  matches: (value: string) => boolean,
  text: EntryText,
): Entry<string | undefined> {
  return entry(variable, expected, z.string().refine(matches), same(undefined), text);
}

/** Texts of a given form, separated by commas; none when unset. */
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

/** The path of a file or a folder, made absolute; it may stay unset. */
export function filePath(variable: string, expected: string, text: EntryText): Entry<string | undefined> {
  return { ...optional(variable, expected, anyText, text), absolute: (given) => path.resolve(given) };
}

/** Folders, separated as PATH separates them; made absolute. */
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

/** Says whether a string is a URL with one of these schemes, each written with its colon. */
export function isUrl(value: string, schemes: readonly string[]): boolean {
  return URL.canParse(value) && schemes.includes(new URL(value).protocol);
}

/** Says whether a string is an http or https URL. */
export function isHttpUrl(value: string): boolean {
  return isUrl(value, ['http:', 'https:']);
}

/** Matches every text. */
export function anyText(): boolean {
  return true;
}

/** The form of a key that guards the API. */
export const API_KEY_EXPECTED = 'a key of at least 16 characters';

/** Says whether a key that guards the API is long enough. */
export function isLongKey(value: string): boolean {
  return value.length >= 16;
}
