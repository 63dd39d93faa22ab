/** Reads and checks the configuration. Called by composition roots only. */
import { accessSync, constants } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { priorityLevels, workerRegion } from './tasks.ts';
import type { Entry } from './entries.ts';
import { configEntries, type EntryName, type EntryValues } from './env.schema.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { housekeepingConfig } from './housekeeping.ts';
import { emailConfig } from './email.ts';
import { importsConfig } from './imports.ts';
import { reportsConfig } from './reports.ts';
import { schedulesConfig } from './schedules.ts';
import type { Config } from './types.ts';

/** The folder that holds `package.json`. */
export const projectDir = path.resolve(import.meta.dirname, '..');

/** Environment variables as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Exit code for a wrong configuration (EX_CONFIG of sysexits.h): a supervisor must not restart on it. */
export const EXIT_CONFIG = 78;

/**
 * Turns environment variables into the configuration.
 *
 * @throws ConfigError naming everything that is wrong, not only the first
 */
export function loadConfig(env: Environment): Config {
  const { values, problems } = readEntries(env);
  problems.push(...checkTogether(values));
  if (problems.length > 0) throw new ConfigError(problems);
  return group(values);
}

/** As {@link loadConfig}; prints what is wrong and exits with {@link EXIT_CONFIG}. For `main.ts` files. */
export function loadConfigOrExit(env: Environment = process.env): Config {
  try {
    return loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}

/** Makes UTC the time zone of this process (CFG-7): dates mean the same on every machine. */
export function forceUtc(): void {
  process.env['TZ'] = 'UTC';
}

/** Empty and blank mean unset: compose files and shells pass `NAME=` for "nothing". */
function raw(env: Environment, name: EntryName): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function readEntries(env: Environment): { values: EntryValues; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const values: Partial<Record<EntryName, unknown>> = {};
  const isProduction = raw(env, 'ENVIRONMENT') === 'production';
  for (const name of Object.keys(configEntries) as EntryName[]) {
    // the keys of a constant
    const entry = configEntries[name];
    const given = raw(env, name);
    const parsed = given === undefined ? undefined : entry.schema.safeParse(given);
    if (parsed?.success === false) {
      const got = entry.secret === true ? undefined : given;
      problems.push({ name, expected: entry.expected, got, remedy: remedyOf(entry.defaultText) });
    }
    values[name] = parsed?.success === true ? parsed.data : defaultOf(entry, isProduction);
  }
  return { values: values as EntryValues, problems }; // the loop gave each name a value of its own entry
}

/** Figures of the source's production profile stand beside the others (CFG-1, CFG-2). */
function defaultOf(entry: Entry<unknown>, isProduction: boolean): unknown {
  return isProduction && entry.production !== undefined ? entry.production : entry.fallback;
}

function remedyOf(defaultText: string | undefined): string {
  return defaultText === undefined
    ? 'Correct it or leave it unset.'
    : `Correct it or leave it unset for the default (${defaultText}).`;
}

/** Rules that concern more than one entry. */
function checkTogether(values: EntryValues): ConfigProblem[] {
  return [...checkProduction(values), ...checkExposure(values), ...checkTls(values)];
}

function checkProduction(values: EntryValues): ConfigProblem[] {
  if (values.ENVIRONMENT !== 'production') return [];
  const needed = ['API_KEY', 'DATABASE_URL', 'TEMPORAL_ADDRESS'] as const;
  return needed
    .filter((name) => values[name] === undefined)
    .map((name) => ({
      name,
      expected: configEntries[name].expected,
      got: undefined,
      remedy: 'Set it: ENVIRONMENT=production does not start without it.',
    }));
}

function checkExposure(values: EntryValues): ConfigProblem[] {
  const loopback = /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/.test(values.API_HOST);
  if (loopback || values.API_KEY !== undefined || values.ENVIRONMENT === 'production') return [];
  const remedy = `Set it: with API_HOST=${values.API_HOST} the API can be reached from other machines.`;
  return [{ name: 'API_KEY', expected: configEntries.API_KEY.expected, got: undefined, remedy }];
}

function checkTls(values: EntryValues): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const files = ['TEMPORAL_TLS_CERT', 'TEMPORAL_TLS_KEY', 'TEMPORAL_TLS_CA'] as const;
  for (const name of files) {
    const file = values[name];
    if (file !== undefined && !isReadable(file))
      problems.push({
        name,
        expected: 'a readable file',
        got: file,
        remedy: 'Correct the path, or give this user the right to read it.',
      });
  }
  const needTls = [...files, 'TEMPORAL_TLS_SERVER_NAME', 'TEMPORAL_API_KEY'] as const;
  const first = needTls.find((name) => values[name] !== undefined);
  if (!values.TEMPORAL_TLS && first !== undefined) {
    problems.push({
      name: 'TEMPORAL_TLS',
      expected: `true, because ${first} is set`,
      got: 'false',
      remedy: `Set TEMPORAL_TLS=true, or unset ${first}.`,
    });
  }
  if ((values.TEMPORAL_TLS_CERT === undefined) !== (values.TEMPORAL_TLS_KEY === undefined)) {
    const name = values.TEMPORAL_TLS_CERT === undefined ? 'TEMPORAL_TLS_CERT' : 'TEMPORAL_TLS_KEY';
    problems.push({
      name,
      expected: 'a readable file',
      got: undefined,
      remedy: 'Set both the certificate and its key, or neither.',
    });
  }
  return problems;
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** `path.delimiter` would also cut `file:///…`, but roots are folders, never URLs. */
function folders(list: string): string[] {
  return list
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.resolve(folder));
}

function temporalConfig(v: EntryValues): Config['temporal'] {
  return {
    address: v.TEMPORAL_ADDRESS,
    namespace: v.TEMPORAL_NAMESPACE,
    tls: v.TEMPORAL_TLS
      ? {
          certFile: v.TEMPORAL_TLS_CERT,
          keyFile: v.TEMPORAL_TLS_KEY,
          caFile: v.TEMPORAL_TLS_CA,
          serverName: v.TEMPORAL_TLS_SERVER_NAME,
        }
      : undefined,
    apiKey: v.TEMPORAL_API_KEY,
    port: v.TEMPORAL_PORT,
    uiPort: v.UI_PORT,
    powerSafe: v.TEMPORAL_POWER_SAFE,
    priorityLevels: priorityLevels(v),
  };
}

function group(v: EntryValues): Config {
  const stateDir = v.STATE_DIR === '' ? path.join(projectDir, '.perennial') : path.resolve(v.STATE_DIR);
  const roots =
    v.DOCUMENT_ROOTS === undefined
      ? [path.join(projectDir, 'samples'), path.join(stateDir, 'inbox')]
      : folders(v.DOCUMENT_ROOTS);
  return {
    environment: v.ENVIRONMENT,
    stateDir,
    shutdownGraceMs: v.SHUTDOWN_GRACE_MS,
    log: { level: v.LOG_LEVEL },
    temporal: temporalConfig(v),
    database: {
      url: v.DATABASE_URL,
      poolSize: v.DATABASE_POOL_SIZE,
      poolOverflow: v.DATABASE_POOL_OVERFLOW,
      poolRecycleS: v.DATABASE_POOL_RECYCLE_S,
      patienceMs: v.DATABASE_PATIENCE_MS,
      port: v.POSTGRES_PORT,
    },
    blobs: { url: v.BLOB_URL ?? pathToFileURL(path.join(stateDir, 'blobs')).href },
    documents: { roots },
    api: {
      host: v.API_HOST,
      port: v.API_PORT,
      key: v.API_KEY,
      adminKey: v.ADMIN_API_KEY,
      uploadMaxMb: v.UPLOAD_MAX_MB,
    },
    worker: {
      fleet: v.WORKER_FLEET,
      region: workerRegion(v, v.ENVIRONMENT),
      maxCachedWorkflows: v.WORKER_MAX_CACHED_WORKFLOWS,
      retryDelayScale: v.RETRY_DELAY_SCALE,
      healthHost: v.HEALTH_HOST,
      healthPort: v.HEALTH_PORT,
    },
    ocr: ocrConfig(v),
    deepseek: {
      url: v.DEEPSEEK_URL,
      apiKey: v.DEEPSEEK_API_KEY,
      model: v.DEEPSEEK_MODEL,
      timeoutMs: v.DEEPSEEK_TIMEOUT_MS,
    },
    housekeeping: housekeepingConfig(v, stateDir),
    email: emailConfig(v, {
      apiUrl: `http://${v.API_HOST}:${String(v.API_PORT)}`,
      attachmentRoots: [path.join(stateDir, 'outgoing'), path.join(projectDir, 'samples')],
      folders,
    }),
    imports: importsConfig(v),
    reports: reportsConfig(v),
    schedules: schedulesConfig(v),
  };
}

function ocrConfig(v: EntryValues): Config['ocr'] {
  return {
    engine: v.OCR_ENGINE,
    processes: v.OCR_PROCESSES === 0 ? availableParallelism() : v.OCR_PROCESSES,
    pageTimeoutMs: v.OCR_PAGE_TIMEOUT_MS,
    pageMemoryMb: v.OCR_PAGE_MEMORY_MB,
    recyclePages: v.OCR_RECYCLE_PAGES,
    maxPixels: v.OCR_MAX_PIXELS,
    maxFileMb: v.OCR_MAX_FILE_MB,
    maxPages: v.OCR_MAX_PAGES,
  };
}
