/** Builds the adapters and activities of the housekeeping domain. */
import { homedir, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHousekeepingActivities } from '../../activities/housekeeping/index.ts';
import type { HousekeepingPorts } from '../../activities/housekeeping/ports.ts';
import type { Config } from '../../config/types.ts';
import { type CheckText, runChecks } from '../../observability/health.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createDatabaseBackup } from '../../services/housekeeping/backup/dump.ts';
import { createBlobReferences } from '../../services/housekeeping/blob-references.ts';
import { createDisks } from '../../services/housekeeping/disks.ts';
import { createHealthLedger, createRunLedger } from '../../services/housekeeping/health-ledger.ts';
import { createOldDocuments } from '../../services/housekeeping/old-documents.ts';
import { createOldRecords } from '../../services/housekeeping/old-records.ts';
import type { Disks, DiskSpace, HealthProbe, QueueLength, QueueMonitor } from '../../services/housekeeping/port.ts';
import { createTempFiles } from '../../services/housekeeping/temp-files.ts';
import { createDatabaseUpkeep } from '../../services/housekeeping/upkeep.ts';
import type { Domain, DomainContext } from './domain.ts';
import { createQueueMonitor } from '../queue-monitor.ts';

/** Longer than that is as good as no answer. */
const CHECK_TIMEOUT_MS = 10_000;

/** The housekeeping domain over real adapters. */
export function createHousekeepingDomain({ config, database, shell }: DomainContext): Domain {
  const blobs = createBlobStore(config.blobs.url);
  const disks = createDisks(foldersOf(config));
  const queues = createQueueMonitor();
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
    probe: createProbe({ database, blobs, disks, queues }, diskMinFreePercent),
    health: createHealthLedger(database),
    runs: createRunLedger(database),
    settings: config.housekeeping,
    now: () => new Date(),
  };
  return { activities: createHousekeepingActivities(ports, shell) };
}

interface Watched {
  readonly database: { check(): Promise<void> };
  readonly blobs: { check(): Promise<void> };
  readonly disks: Disks;
  readonly queues: QueueMonitor;
}

/** The checks of HEALTH-6; what used to be Redis is the Temporal server now. */
function createProbe({ database, blobs, disks, queues }: Watched, minFreePercent: number): HealthProbe {
  return () => {
    const lengths = queues.lengths();
    // Both checks that await it say so; here it must not count as unhandled.
    lengths.catch(() => undefined);
    return runChecks(
      {
        database: () => database.check().then(() => 'ok'),
        temporal: () => lengths.then(() => 'ok'),
        blobs: () => blobs.check().then(() => 'ok'),
        disk_space: () => disks.measure().then((spaces) => diskText(spaces, minFreePercent)),
        workers: () => lengths.then(workersText),
      },
      CHECK_TIMEOUT_MS,
    );
  };
}

/** In the words of the source: `ok: 61.2% free`, `warning: 8.0% free`. The fullest disk speaks. */
function diskText(spaces: readonly DiskSpace[], minFreePercent: number): CheckText {
  const least = Math.min(...spaces.map(({ freePercent }) => freePercent));
  return `${least < minFreePercent ? 'warning' : 'ok'}: ${least.toFixed(1)}% free`;
}

function workersText(lengths: readonly QueueLength[]): CheckText {
  const alone = lengths.filter(({ workers }) => workers === 0).map(({ queue }) => queue);
  return alone.length === 0 ? 'ok' : `warning: no worker serves ${alone.join(', ')}`;
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

/** What TEMP_DIR must neither be nor hold. */
function protectedFolders(config: Config): readonly string[] {
  const product = resolve(import.meta.dirname, '../..');
  const blobs = blobFolder(config);
  return [
    ...[product, config.stateDir, homedir(), tmpdir(), process.cwd(), ...config.documents.roots],
    ...(blobs === undefined ? [] : [blobs]),
  ];
}
