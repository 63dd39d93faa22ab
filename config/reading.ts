/** Reads tables of entries from environment variables. */
import { type Entry, isEntry, type Surroundings, type Table, type ValuesOf } from './entries.ts';
import type { ConfigProblem } from './errors.ts';

/** Environment variables in the form of `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The entries of a table, nested ones included. */
export function entriesOf(table: Table): readonly Entry<unknown>[] {
  return Object.values(table).flatMap((node) => (isEntry(node) ? [node] : entriesOf(node)));
}

/**
 * Drops empty and blank variables, because compose files and shells pass `NAME=` for an unset one. Paths become absolute,
 * because a child process may run in another folder.
 */
export function setVariables(entries: readonly Entry<unknown>[], env: Environment): Record<string, string> {
  const set = entries.flatMap(({ variable, absolute }): [string, string][] => {
    const value = env[variable]?.trim() ?? '';
    return value === '' ? [] : [[variable, absolute?.(value) ?? value]];
  });
  return Object.fromEntries(set);
}

/** Parses an entry. For an invalid string it returns the value of an unset variable, so that one fault does not cause others. */
export function valueOf<T>(entry: Entry<T>, variables: Environment, around: Surroundings): T {
  const found = entry.read(variables[entry.variable], around) ?? entry.read(undefined, around);
  if (found === undefined) throw new TypeError(`${entry.variable}: expected a value for the unset variable, got none`);
  return found.value;
}

/** Returns the values of a table; a wrong one is that of an unset variable. */
export function valuesOf<T extends Table>(table: T, variables: Environment, around: Surroundings): ValuesOf<T> {
  const values = Object.entries(table).map(([key, node]): [string, unknown] => [
    key,
    isEntry(node) ? valueOf(node, variables, around) : valuesOf(node, variables, around),
  ]);
  return Object.fromEntries(values) as ValuesOf<T>; // each value is parsed by the entry at the same place
}

/** Returns what is wrong with the variable of an entry. */
export function problemOf(entry: Entry<unknown>, variables: Environment, around: Surroundings): ConfigProblem[] {
  const given = variables[entry.variable];
  if (entry.read(given, around) !== undefined) return [];
  const { variable: name, expected, secret, defaultText } = entry;
  const remedy =
    entry.read(undefined, around) === undefined
      ? 'It must be set.'
      : `Correct it or leave it unset${defaultText === undefined ? '' : ` for the default (${defaultText})`}.`;
  return [{ name, expected, got: secret === true ? undefined : given, remedy }];
}
