/** Builds the adapters and activities of the housekeeping domain. */
import { homedir, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createHousekeepingActivities } from '../../activities/housekeeping/index.ts';
import type { HousekeepingPorts } from '../../activities/housekeeping/ports.ts';
import { lookAtRun } from '../../activities/housekeeping/look-at-run.ts';
import { createQueueMonitor } from '../../activities/housekeeping/queue-monitor.ts';
import { productDir, projectDir } from '../../config/project.ts';
import type { Config } from '../../config/types.ts';
import { runChecks } from '../../observability/health.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createDatabaseBackup } from '../../services/housekeeping/backup/dump.ts';
import { createBlobReferences } from '../../services/housekeeping/blob-references.ts';
import { createDisks } from '../../services/housekeeping/disks.ts';
import { healthChecks } from '../../services/housekeeping/health-checks.ts';
import { createHealthLedger, createRunLedger } from '../../services/housekeeping/health-ledger.ts';
import { createOldDocuments } from '../../services/housekeeping/old-documents.ts';
import { createOldRecords } from '../../services/housekeeping/old-records.ts';
import { createOpenRows } from '../../services/housekeeping/open-rows.ts';
import { createTempFiles } from '../../services/housekeeping/temp-files.ts';
import { createDatabaseUpkeep } from '../../services/housekeeping/upkeep.ts';
import { createWorkerHeartbeats } from '../../services/queues/postgres.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Time limit of a health check, in milliseconds; a later answer counts as none. */
const CHECK_TIMEOUT_MS = 10_000;

/** Builds the housekeeping domain with its real adapters. */
export function createHousekeepingDomain({ config, database, shell }: DomainContext): Domain {
  const blobs = createBlobStore(config.blobs.url);
  const disks = createDisks(foldersOf(config));
  const queues = createQueueMonitor();
  const heartbeats = createWorkerHeartbeats(database);
  const { diskMinFreePercent } = config.housekeeping;
  const ports: HousekeepingPorts = {
    temp: createTempFiles({ root: config.housekeeping.tempDir, protectedFolders: protectedFolders(config) }),
    documents: createOldDocuments(database),
    references: createBlobReferences(database),
    records: createOldRecords(database),
    blobs,
    upkeep: createDatabaseUpkeep(database),
    backup: createDatabaseBackup({ url: config.database.url ?? '' }),
    disks,
    queues,
    probe: () =>
      runChecks(healthChecks({ database, blobs, disks, queues, heartbeats }, diskMinFreePercent), CHECK_TIMEOUT_MS),
    health: createHealthLedger(database),
    runs: createRunLedger(database),
    openRows: createOpenRows(database),
    lookAtRun,
    settings: config.housekeeping,
    now: () => new Date(),
  };
  return { activities: createHousekeepingActivities(ports, shell) };
}

function blobFolder({ blobs }: Config): string | undefined {
  return blobs.url.startsWith('file:') ? fileURLToPath(blobs.url) : undefined;
}

function foldersOf(config: Config): Readonly<Record<string, string>> {
  const blobs = blobFolder(config);
  return {
    state: config.stateDir,
    temp: config.housekeeping.tempDir,
    ...(blobs === undefined ? {} : { blobs }),
  };
}

/**
 * Returns the folders that TEMP_DIR must neither be nor contain: the product, its data, and the folders of its user and
 * its process.
 */
export function protectedFolders(config: Config): readonly string[] {
  const blobs = blobFolder(config);
  return [
    ...[productDir, projectDir, config.stateDir, homedir(), tmpdir(), process.cwd(), ...config.documents.roots],
    ...(blobs === undefined ? [] : [blobs]),
  ];
}
