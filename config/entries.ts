/** The kinds of configuration entry: each turns one environment string into a typed value. */
import { z } from 'zod';

/** What one entry is, for people and for {@link loadConfig}. */
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

/** One row of the table of configuration entries. */
export interface Entry<T> extends EntryText {
  /** What a right value looks like; used in error messages. */
  readonly expected: string;
  readonly schema: z.ZodType<T, string>;
  /** Used when the variable is unset or empty; `undefined` when there is none. */
  readonly fallback: T | undefined;
  /** Used in its place with ENVIRONMENT=production (CFG-1). */
  readonly production?: T;
}

/** An entry whose value is always there. */
export type Required<T> = Entry<T> & { readonly fallback: T };

/** An entry that may stay unset. */
export type Optional<T> = Entry<T> & { readonly fallback: undefined };

/** A whole or decimal number within limits, the limits included. */
export function number(
  fallback: number,
  limits: { min: number; max: number; decimal?: boolean },
  text: EntryText,
  production?: number,
): Required<number> {
  const { min, max, decimal = false } = limits;
  const pattern = decimal ? /^\d+(\.\d+)?$/ : /^\d+$/;
  const schema = z
    .string()
    .regex(pattern)
    .transform(Number)
    .refine((value) => value >= min && value <= max);
  const expected = `a ${decimal ? '' : 'whole '}number from ${String(min)} to ${String(max)}`;
  const shown = text.defaultText ?? String(fallback);
  if (production === undefined) return { ...text, expected, schema, fallback, defaultText: shown };
  return {
    ...text,
    expected,
    schema,
    fallback,
    production,
    defaultText: `${shown}; ${String(production)} in production`,
  };
}

/** A TCP port; `0` lets the system choose a free one. */
export function port(fallback: number, text: EntryText): Required<number> {
  return {
    ...number(fallback, { min: 0, max: 65_535 }, text),
    expected: 'a port number from 0 to 65535 (0: any free port)',
  };
}

/** `true`, `false`, `1` or `0`; nothing else, so that `yes` or `flase` is never taken for off. */
export function flag(fallback: boolean, text: EntryText): Required<boolean> {
  const schema = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
  return { ...text, expected: 'true, false, 1 or 0', schema, fallback, defaultText: String(fallback) };
}

/** One of a few words. */
export function choice<const T extends string>(
  values: readonly T[],
  fallback: NoInfer<T>,
  text: EntryText,
): Required<T> {
  const schema: z.ZodType<T, string> = z
    .string()
    .refine((value): value is T => (values as readonly string[]).includes(value)); // widened to ask for any string
  return { ...text, expected: `one of ${values.join(', ')}`, schema, fallback, defaultText: fallback };
}

/** Any text that is not empty. */
export function text(fallback: string, entry: EntryText): Required<string> {
  return { ...entry, expected: 'text', schema: z.string(), fallback, defaultText: entry.defaultText ?? fallback };
}

/** Text of a given form that may stay unset. */
export function optional(expected: string, matches: (value: string) => boolean, entry: EntryText): Optional<string> {
  return { ...entry, expected, schema: z.string().refine(matches), fallback: undefined };
}

/** Says whether a string is a URL with one of these schemes, each written with its colon. */
export function isUrl(value: string, schemes: readonly string[]): boolean {
  return URL.canParse(value) && schemes.includes(new URL(value).protocol);
}

/** The values of a table of entries. */
export type ValuesOf<Table> = {
  readonly [N in keyof Table]: Table[N] extends Required<infer T> ? T : string | undefined;
};
