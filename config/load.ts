/** Reads and checks the configuration. Called by composition roots only. */
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { checkTogether } from './checks.ts';
import { configEntries, configTable } from './table.ts';
import { type Entry, isEntry, type Surroundings, type Table } from './entries.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import type { Config } from './types.ts';

/** Environment variables as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Turns environment variables into the configuration.
 *
 * @throws ConfigError naming everything that is wrong, not only the first
 */
export function loadConfig(env: Environment): Config {
  const variables = setVariables(env);
  const around = surroundingsOf(variables);
  const problems = configEntries.flatMap((entry) => problemOf(entry, variables, around));
  const config = { ...valuesOf(configTable, variables, around), variables } as Config; // each value comes from the entry of its place
  problems.push(...checkTogether(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/**
 * The same configuration with some variables set anew; `undefined` unsets one.
 *
 * @throws ConfigError as {@link loadConfig}
 * @example withVariables(config, { DATABASE_URL: 'postgres://…' })
 */
export function withVariables(config: Config, changes: Environment): Config {
  return loadConfig({ ...config.variables, ...changes });
}

/** As {@link loadConfig}; prints what is wrong and exits with `exitCodes.config`. For `main.ts` files. */
export function loadConfigOrExit(env: Environment = process.env): Config {
  try {
    return loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return exitFor(error);
  }
}

/**
 * Ends a process that needs an entry which the local stack would provide, with `exitCodes.config`.
 *
 * @example const url = config.database.url ?? exitWithout(configTable.database.url)
 */
export function exitWithout({ variable, expected }: Entry<unknown>): never {
  const remedy = 'Set it, or start everything with `npm start`, which provides what is not set.';
  return exitFor(new ConfigError([{ name: variable, expected, got: undefined, remedy }]));
}

function exitFor(error: ConfigError): never {
  process.stderr.write(`${error.message}\n`);
  process.exit(exitCodes.config);
}

/** Makes UTC the time zone of this process: dates mean the same on every machine. */
export function forceUtc(): void {
  process.env['TZ'] = 'UTC';
}

/** Lets only the user of this process read the files that it makes, whatever the shell's umask. */
export function ownFilesOnly(): void {
  process.umask(0o077);
}

/**
 * Empty and blank mean unset: compose files and shells pass `NAME=` for "nothing". Paths become absolute,
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
  const blank: Surroundings = { environment: 'development', stateDir: '', apiUrl: '' };
  const { environment, stateDir, api } = configTable;
  return {
    environment: valueOf(environment, variables, blank),
    stateDir: valueOf(stateDir, variables, blank),
    apiUrl: `http://${valueOf(api.host, variables, blank)}:${String(valueOf(api.port, variables, blank))}`,
  };
}

/** The value of an entry; of a wrong string that of an unset variable, so that one error does not cause others. */
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
