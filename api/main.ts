/** The API process: reads the configuration, builds adapters, serves until it is told to stop. */
import { createServer, type Server } from 'node:http';
import { connectPerennial, type PerennialClient } from '../client/index.ts';
import { productDir } from '../config/project.ts';
import { configTable } from '../config/table.ts';
import { exitWithout, loadConfigOrExit } from '../config/load.ts';
import { forceUtc, ownFilesOnly } from '../config/process.ts';
import { readCertificates } from '../config/tls.ts';
import type { Config } from '../config/types.ts';
import { createLogger, type Logger } from '../observability/logger.ts';
import { createKeptAnswers } from '../services/answers/postgres.ts';
import { createBreakerRecords } from '../services/breakers/records.ts';
import { createBlobStore } from '../services/blobs/open.ts';
import { migrate } from '../services/database/migrate.ts';
import { createDatabase, type Database } from '../services/database/pool.ts';
import { createAuditRecords } from '../services/audit/postgres.ts';
import { createDeadLetterRecords } from '../services/dlq/records.ts';
import { createImportRecords } from '../services/imports/storing/records.ts';
import { createWorkerHeartbeats } from '../services/queues/postgres.ts';
import { sealKeysOf } from '../stack/seal-keys.ts';
import { readStack } from '../stack/state.ts';
import { openApplicationOrExit, openPortsOrExit } from '../application/open.ts';
import { createApi } from './app.ts';
import { applicationRoutes } from './application/routes.ts';
import * as domains from './domains.ts';
import { findReference } from './http/reference.ts';
import { serveMetrics } from './metrics.ts';
import type { ApiRoot } from './root.ts';
import type { AllServices } from './routes.ts';
import { type PluggableDomain, without } from '../contracts/pluggable.ts';
import { openPorts } from '../contracts/ports.ts';
import { BYTES_PER_MB, MINUTE_MS } from '../contracts/values/units.ts';

/** Longest wait for the database, in milliseconds; a person who waits for the answer prefers an early error. */
const DATABASE_PATIENCE_MS = 5_000;

/** Longest request, in milliseconds: enough for many files over a slow line, and a limit for attacks that send slowly. */
const REQUEST_TIMEOUT_MS = 15 * MINUTE_MS;
const HEADERS_TIMEOUT_MS = 30_000;

async function main(): Promise<void> {
  forceUtc();
  ownFilesOnly();
  const config = loadConfigOrExit();
  const application = await openApplicationOrExit(config);
  const logger = createLogger({ level: config.log.level, name: 'api' });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error(signal)));

  const database = openDatabase(config, logger);
  await migrate(database); // A lock allows several processes to start at once.
  const blobs = createBlobStore(config.blobs.url);
  const sealKeys = sealKeysOf(config);
  const client = await openClient({ config, blobs, logger, database, sealKeys });
  const closers = [() => client.close(), () => database.close()];
  const onClose = (close: () => Promise<void>): void => void closers.unshift(close);
  const ports = openPortsOrExit(application.routes, config);
  onClose(() => ports.close());
  const app = createApi(
    services({ config, logger, database, blobs, client, sealKeys, onClose }, without(application.domains), stop.signal),
    applicationRoutes(application.routes, ports.open),
  );
  const metrics = await serveMetrics({ config, client, heartbeats: createWorkerHeartbeats(database), logger });
  onClose(async () => metrics?.close());
  const server = await listen(
    createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS }, app),
    config,
  );
  logger.info(
    { host: config.api.host, port: config.api.port, key: keyNeeded(config.api) ? 'required' : 'none' },
    'API is running',
  );
  await aborted(stop.signal);
  await close(server, config.shutdownGraceMs);
  await Promise.allSettled(closers.map((end) => end()));
}

function keyNeeded({ key, adminKey }: Config['api']): boolean {
  return key !== undefined || adminKey !== undefined;
}

/** Takes addresses that the configuration leaves open from the stack that `npm start` runs. */
function addressesOf(config: Config): { temporal: string; database: string | undefined } {
  const stack = readStack(config.stateDir)?.addresses;
  return {
    temporal: config.temporal.address ?? stack?.temporal ?? `127.0.0.1:${config.temporal.port}`,
    database: config.database.url ?? stack?.database,
  };
}

function openDatabase(config: Config, logger: Logger): Database {
  const url = addressesOf(config).database ?? exitWithout(configTable.database.url);
  const patienceMs = Math.min(config.database.patienceMs, DATABASE_PATIENCE_MS);
  return createDatabase({ url, poolSize: config.database.poolSize, patienceMs, logger });
}

type ClientRoot = Pick<ApiRoot, 'config' | 'blobs' | 'logger' | 'database' | 'sealKeys'>;

async function openClient({ config, blobs, logger, database, sealKeys }: ClientRoot): Promise<PerennialClient> {
  const { namespace, tls, apiKey } = config.temporal;
  return connectPerennial({
    address: addressesOf(config).temporal,
    namespace,
    tls: await readCertificates(tls),
    apiKey,
    blobs,
    importRecords: createImportRecords(database),
    breakerRecords: createBreakerRecords(database),
    deadLetterRecords: createDeadLetterRecords(database),
    auditRecords: createAuditRecords(database),
    sealKeys,
    payloadKeys: config.sealing.payloadKeys,
    priorityLevels: config.temporal.priorityLevels,
    warn: (message) => logger.warn({}, message),
    // The API answers requests for its health before the Temporal server is reachable.
    lazy: true,
  });
}

/** Builds what the handlers use; each domain opens its own ports. */
function services(root: ApiRoot, absent: readonly PluggableDomain[], closing: AbortSignal): AllServices {
  const { config, client, blobs, logger, database } = root;
  return {
    ...openPorts(domains, root),
    client,
    blobs,
    answers: createKeptAnswers(database, 'request_answers'),
    settings: {
      key: config.api.key,
      adminKey: config.api.adminKey,
      hosts: hostsOf(config),
      without: absent,
      codecOrigin: config.sealing.codecOrigin,
      corsOrigins: config.api.corsOrigins,
      trustedProxies: config.api.trustedProxies,
      reference: findReference(productDir),
      abuse: config.api.abuse,
      uploadMaxBytes: config.api.uploadMaxMb * BYTES_PER_MB,
    },
    closing,
    logger,
  };
}

/** Returns the host names under which requests may reach the API. */
function hostsOf({ allowedHosts, api, email }: Config): readonly string[] {
  const publicHost = URL.canParse(email.publicUrl) ? [new URL(email.publicUrl).hostname] : [];
  return [...allowedHosts, api.host, ...publicHost];
}

async function listen(server: Server, { api }: Config): Promise<Server> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(api.port, api.host, resolve);
  });
  return server;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Stops accepting requests, and closes the connections that are still open after the grace period. */
async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`api: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
