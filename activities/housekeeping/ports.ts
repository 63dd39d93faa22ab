/** The ports of the housekeeping domain; composition roots supply them. */
import type { BlobStore } from '../../services/blobs/port.ts';
import type {
  BlobReferences,
  DatabaseBackup,
  DatabaseUpkeep,
  Disks,
  HealthLedger,
  HealthProbe,
  LookAtRun,
  OldDocuments,
  OldRecords,
  OpenRows,
  QueueMonitor,
  RunLedger,
  TempFiles,
} from '../../services/housekeeping/port.ts';

/** Values from the configuration. */
export interface HousekeepingSettings {
  readonly documentRetentionDays: number;
  readonly fileRetentionDays: number;
  readonly resultRetentionDays: number;
  readonly backupKeep: number;
  readonly diskMinFreePercent: number;
  readonly queueWarnLength: number;
}

/** All ports of the housekeeping domain. */
export interface HousekeepingPorts {
  readonly temp: TempFiles;
  readonly documents: OldDocuments;
  readonly references: BlobReferences;
  readonly records: OldRecords;
  readonly blobs: BlobStore;
  readonly upkeep: DatabaseUpkeep;
  readonly backup: DatabaseBackup;
  readonly disks: Disks;
  readonly queues: QueueMonitor;
  readonly probe: HealthProbe;
  readonly health: HealthLedger;
  readonly runs: RunLedger;
  readonly openRows: OpenRows;
  /** Works inside an activity only. */
  readonly lookAtRun: LookAtRun;
  readonly settings: HousekeepingSettings;
  /** The clock; tests replace it. */
  readonly now: () => Date;
}
