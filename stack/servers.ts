/** The servers of the stack: those that the configuration names, or servers that are started here. */
import path from 'node:path';
import { searchAttributeTypes } from '../contracts/tasks/calls.ts';
import { createDatabase } from '../services/database/pool.ts';
import { migrate } from '../services/database/migrate.ts';
import type { StackContext } from './context.ts';
import { keepRunning } from './processes/managed-process.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './postgres/server.ts';
import { adoptProcess, type ProcessHandle } from './processes/process-handle.ts';
import { tail } from './state.ts';
import { findTemporal } from './temporal/binary.ts';
import { isServing, startTemporalServer, type TemporalServer } from './temporal/server.ts';

/** A Temporal server. */
export interface Provided {
  /** `host:port`. */
  readonly address: string;
  /** URL of its Web UI; absent when the configuration names the server. */
  readonly ui?: string;
}

const READY_TIMEOUT_MS = 60_000;
const GRACE_MS = 15_000;

/** Returns the Temporal server that the configuration names, or starts one. */
export async function provideTemporal(context: StackContext): Promise<Provided> {
  const { config, log, longestPauseMs, signal } = context;
  if (config.temporal.address !== undefined) {
    log.done(`Temporal server: ${config.temporal.address} (TEMPORAL_ADDRESS)`);
    return { address: config.temporal.address };
  }
  if (!context.has('temporal'))
    throw new Error('expected a Temporal server: set TEMPORAL_ADDRESS, or let the stack start one');
  log.step('Looking for the temporal command');
  const { path: binary } = await findTemporal({
    log: (line) => {
      log.step(sentence(line));
    },
    ...(signal === undefined ? {} : { signal }),
  });
  log.step('Starting the Temporal server');
  const logFile = path.join(config.stateDir, 'logs', 'temporal.log');
  let server: TemporalServer | undefined;
  const start = async (): Promise<ProcessHandle> => {
    const { port, uiPort } = server ?? config.temporal;
    const next = await startTemporalServer({
      binary,
      stateDir: config.stateDir,
      port,
      uiPort,
      logFile,
      namespace: config.temporal.namespace,
      powerSafe: config.temporal.powerSafe,
      searchAttributes: searchAttributeTypes,
      dynamicConfig: { 'matching.priorityLevels': String(config.temporal.priorityLevels) },
      log: (line) => {
        log.note(line);
      },
    });
    if (server !== undefined && next.port !== server.port) {
      await next.stop();
      throw new Error(`port ${String(server.port)} was taken by another program meanwhile`); // workers know only this port
    }
    server = next;
    return next.process;
  };
  const managed = await keepRunning({
    name: 'temporal',
    start,
    isReady: () =>
      server === undefined ? Promise.resolve(false) : isServing(server.address, config.temporal.namespace),
    readyTimeoutMs: READY_TIMEOUT_MS,
    graceMs: GRACE_MS,
    longestPauseMs,
    lastWords: () => tail(logFile),
    log: (line) => {
      log.note(line);
    },
    signal,
  });
  context.groups.push([managed]);
  const { address, uiUrl: ui } = started(server);
  log.done(`Temporal server is ready on ${address}`);
  return { address, ui };
}

/** Returns the URL of the database that the configuration names, or starts a server. */
export async function providePostgres(context: StackContext): Promise<string> {
  const { config, log, longestPauseMs, signal, postgresSettings } = context;
  if (config.database.url !== undefined) {
    log.done('PostgreSQL: as DATABASE_URL says');
    return config.database.url;
  }
  if (!context.has('postgres')) throw new Error('expected a database: set DATABASE_URL, or let the stack start one');
  log.step('Starting PostgreSQL');
  const logFile = path.join(config.stateDir, 'logs', 'postgres.log');
  let server: EmbeddedPostgres | undefined;
  const managed = await keepRunning({
    name: 'postgres',
    start: async () => {
      const port = server?.port ?? config.database.port;
      server = await startEmbeddedPostgres({
        dataDir: path.join(config.stateDir, 'postgres'),
        port,
        logFile,
        ...(postgresSettings === undefined ? {} : { settings: postgresSettings }),
      });
      return postgresHandle(server);
    },
    isReady: () => Promise.resolve(server !== undefined), // the start resolves when the server answers
    readyTimeoutMs: READY_TIMEOUT_MS,
    graceMs: GRACE_MS,
    longestPauseMs,
    lastWords: () => tail(logFile),
    log: (line) => {
      log.note(line);
    },
    signal,
  });
  context.groups.push([managed]);
  const { url, port } = started(server);
  log.done(`PostgreSQL is ready on 127.0.0.1:${String(port)}`);
  return url;
}

/** Stops PostgreSQL by its own shutdown instead of a signal to the group. */
function postgresHandle(server: EmbeddedPostgres): ProcessHandle {
  const handle = adoptProcess(server.pid);
  return { ...handle, stop: (graceMs) => (graceMs === 0 ? handle.stop(0) : server.stop()) };
}

/** Migrates the database; several processes may do it at once. */
export async function applyMigrations({ log, config }: StackContext, url: string): Promise<void> {
  log.step('Preparing the database');
  const database = createDatabase({ url, poolSize: 2, patienceMs: config.database.patienceMs });
  try {
    const { applied } = await migrate(database);
    log.done(
      applied.length === 0 ? 'Database is up to date' : `Database prepared (${String(applied.length)} migrations)`,
    );
  } finally {
    await database.close();
  }
}

/** A function, because the compiler does not see that the start above has set the variable. */
function started<T>(server: T | undefined): T {
  if (server === undefined) throw new Error('expected a started server, found none');
  return server;
}

function sentence(line: string): string {
  return line.charAt(0).toUpperCase() + line.slice(1);
}
