/** Finds the running stack and builds what commands use; loaded by the first command that needs it. */
import { connectPerennial, scheduleEntries, Unavailable, type PerennialClient } from '../client/index.ts';
import { loadConfigOrExit } from '../config/load.ts';
import { projectDir, startCommand } from '../config/project.ts';
import { readCertificates } from '../config/tls.ts';
import type { Config } from '../config/types.ts';
import { openPorts } from '../contracts/ports.ts';
import { createBreakerRecords } from '../services/breakers/records.ts';
import { createBlobStore } from '../services/blobs/open.ts';
import type { Database } from '../services/database/pool.ts';
import { databaseWhenUsed } from '../services/database/when-used.ts';
import { confinePath } from '../services/files/confine.ts';
import { createAuditRecords } from '../services/audit/postgres.ts';
import { createDeadLetterRecords } from '../services/dlq/records.ts';
import { createImportRecords } from '../services/imports/storing/records.ts';
import { sealKeysOf } from '../stack/seal-keys.ts';
import { readStack } from '../stack/state.ts';
import { type OpenApplication, openApplicationOrExit } from '../application/open.ts';
import { schedulesOf } from '../application/schedules.ts';
import * as domains from './domains.ts';
import type { AllServices } from './program.ts';

/** Longest wait for the database, in milliseconds; a person at a terminal prefers an early error. */
const DATABASE_PATIENCE_MS = 5_000;

/**
 * Opens the connections that the configuration names, or those of the running stack.
 *
 * @throws Unavailable nothing runs; the message says what to do
 */
export async function connect(config: Config = loadConfigOrExit()): Promise<AllServices> {
  // A broken module of the application must not keep an operator from the others.
  const application = await openApplicationOrExit({ ...config, applicationFaults: 'report' });
  const running = readStack(config.stateDir);
  const stack = running?.addresses;
  const url = config.database.url ?? stack?.database ?? notRunning(config.stateDir);
  const patienceMs = Math.min(config.database.patienceMs, DATABASE_PATIENCE_MS);
  const database = databaseWhenUsed({ url, poolSize: 2, patienceMs });
  const client = await connectClient(config, stack?.temporal, { application, database });
  return {
    ...openPorts(domains, { database }),
    client,
    blobs: createBlobStore(config.blobs.url),
    apiUrl: stack?.api ?? `http://${config.api.host}:${config.api.port}`,
    apiKey: config.api.key,
    requireReadable: running === undefined ? undefined : (file) => confinePath(file, running.documentRoots),
    close: async () => {
      await Promise.allSettled([client.close(), database.close()]);
    },
  };
}

async function connectClient(
  config: Config,
  running: string | undefined,
  { database, application }: { readonly database: Database; readonly application: OpenApplication },
): Promise<PerennialClient> {
  const { temporal, blobs, sealing, stateDir } = config;
  return connectPerennial({
    address: temporal.address ?? running ?? notRunning(stateDir),
    namespace: temporal.namespace,
    tls: await readCertificates(temporal.tls),
    apiKey: temporal.apiKey,
    blobs: createBlobStore(blobs.url),
    importRecords: createImportRecords(database),
    breakerRecords: createBreakerRecords(database),
    deadLetterRecords: createDeadLetterRecords(database),
    auditRecords: createAuditRecords(database),
    sealKeys: sealKeysOf(config),
    payloadKeys: sealing.payloadKeys,
    schedules: schedulesOf(application, scheduleEntries),
    priorityLevels: temporal.priorityLevels,
    warn: (message) => void process.stderr.write(`perennial: ${message}\n`),
  });
}

function notRunning(stateDir: string): never {
  throw new Unavailable(
    `Perennial is not running: there is no stack in ${stateDir}. Start one with \`${startCommand}\` in ${projectDir}, ` +
      'or name another with TEMPORAL_ADDRESS and DATABASE_URL.',
  );
}
