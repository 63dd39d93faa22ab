/** Reads and checks the configuration; only composition roots call it. */
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { reachableHost } from './api.ts';
import { startCommand } from './project.ts';
import { checkTogether } from './checks.ts';
import { configEntries, configTable } from './table.ts';
import { type Entry, isEntry, type Surroundings, type Table } from './entries.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import type { Config } from './types.ts';

/** Environment variables in the form of `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes the configuration from environment variables.
 *
 * @throws ConfigError with all faults, not only the first
 */
export function loadConfig(env: Environment): Config {
  const variables = setVariables(env);
  const around = surroundingsOf(variables);
  const problems = configEntries.flatMap((entry) => problemOf(entry, variables, around));
  const config = { ...valuesOf(configTable, variables, around), variables } as Config; // each value is parsed by the entry at the same place
  problems.push(...checkTogether(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/**
 * Returns the configuration with some variables replaced; `undefined` unsets one.
 *
 * @throws ConfigError as {@link loadConfig}
 * @example withVariables(config, { DATABASE_URL: 'postgres://…' })
 */
export function withVariables(config: Config, changes: Environment): Config {
  return loadConfig({ ...config.variables, ...changes });
}

/** Loads the configuration for a `main.ts` file; on faults it prints them and exits with `exitCodes.config`. */
export function loadConfigOrExit(env: Environment = process.env): Config {
  try {
    return loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return exitFor(error);
  }
}

/**
 * Exits with `exitCodes.config` when an entry is missing that the local stack would provide.
 *
 * @example const url = config.database.url ?? exitWithout(configTable.database.url)
 */
export function exitWithout({ variable, expected }: Entry<unknown>): never {
  const remedy = `Set it, or start everything with \`${startCommand}\`, which provides what is not set.`;
  return exitFor(new ConfigError([{ name: variable, expected, got: undefined, remedy }]));
}

function exitFor(error: ConfigError): never {
  process.stderr.write(`${error.message}\n`);
  process.exit(exitCodes.config);
}

/**
 * Drops empty and blank variables, because compose files and shells pass `NAME=` for an unset one. Paths become absolute,
 * because a child process may run in another folder.
 */
function setVariables(env: Environment): Record<string, string> {
  const set = configEntries.flatMap(({ variable, absolute }): [string, string][] => {
    const value = env[variable]?.trim() ?? '';
    return value === '' ? [] : [[variable, absolute?.(value) ?? value]];
  });
  return Object.fromEntries(set);
}

function surroundingsOf(variables: Environment): Surroundings {
  const blank: Surroundings = { environment: 'development', applicationDir: undefined, stateDir: '', apiUrl: '' };
  const { environment, stateDir, api } = configTable;
  const applicationDir = valueOf(configTable.applicationDir, variables, blank);
  return {
    environment: valueOf(environment, variables, blank),
    applicationDir,
    stateDir: valueOf(stateDir, variables, { ...blank, applicationDir }),
    apiUrl: `http://${reachableHost(valueOf(api.host, variables, blank))}:${String(valueOf(api.port, variables, blank))}`,
  };
}

/** Parses an entry. For an invalid string it returns the value of an unset variable, so that one fault does not cause others. */
function valueOf<T>(entry: Entry<T>, variables: Environment, around: Surroundings): T {
  const found = entry.read(variables[entry.variable], around) ?? entry.read(undefined, around);
  if (found === undefined) throw new TypeError(`${entry.variable}: expected a value for the unset variable, got none`);
  return found.value;
}

function valuesOf(table: Table, variables: Environment, around: Surroundings): Record<string, unknown> {
  const values = Object.entries(table).map(([key, node]): [string, unknown] => [
    key,
    isEntry(node) ? valueOf(node, variables, around) : valuesOf(node, variables, around),
  ]);
  return Object.fromEntries(values);
}

function problemOf(entry: Entry<unknown>, variables: Environment, around: Surroundings): ConfigProblem[] {
  const given = variables[entry.variable];
  if (entry.read(given, around) !== undefined) return [];
  const { variable: name, expected, secret, defaultText } = entry;
  const remedy = `Correct it or leave it unset${defaultText === undefined ? '' : ` for the default (${defaultText})`}.`;
  return [{ name, expected, got: secret === true ? undefined : given, remedy }];
}
