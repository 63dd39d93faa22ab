/** Reads and checks the configuration; only composition roots call it. */
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { reachableHost } from './processes/api.ts';
import { startCommand } from './project.ts';
import { checkTogether } from './checks.ts';
import { configEntries, configTable } from './table.ts';
import type { Entry, Surroundings, Table, ValuesOf } from './entries.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { entriesOf, type Environment, problemOf, setVariables, valueOf, valuesOf } from './reading.ts';
import type { Config } from './types.ts';

/**
 * Makes the configuration from environment variables.
 *
 * @throws ConfigError with all faults, not only the first
 */
export function loadConfig(env: Environment): Config {
  const variables = setVariables(configEntries, env);
  const around = surroundingsOf(variables);
  const problems = configEntries.flatMap((entry) => problemOf(entry, variables, around));
  const config: Config = { ...valuesOf(configTable, variables, around), variables };
  problems.push(...checkTogether(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/**
 * Reads other tables of entries, such as those of an application.
 *
 * @throws ConfigError with all faults of all tables
 */
export function loadTables<const Tables extends Readonly<Record<string, Table>>>(
  tables: Tables,
  env: Environment,
  { variables: known }: Pick<Config, 'variables'>,
): ValuesOf<Tables> {
  const entries = entriesOf(tables);
  const variables = setVariables(entries, env);
  const around = surroundingsOf(known);
  const problems = entries.flatMap((entry) => problemOf(entry, variables, around));
  if (problems.length > 0) throw new ConfigError(problems);
  return valuesOf(tables, variables, around);
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
  return orExit(() => loadConfig(env));
}

/** Does some reading of variables for a `main.ts` file; on faults it prints them and exits with `exitCodes.config`. */
export function orExit<T>(read: () => T): T {
  try {
    return read();
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
  return exitForProblem({ name: variable, expected, got: undefined, remedy });
}

/** Prints a fault of the configuration that shows only when a process starts, and exits with `exitCodes.config`. */
export function exitForProblem(problem: ConfigProblem): never {
  return exitFor(new ConfigError([problem]));
}

function exitFor(error: ConfigError): never {
  process.stderr.write(`${error.message}\n`);
  process.exit(exitCodes.config);
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
