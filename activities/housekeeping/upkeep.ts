/** Tasks for the database as a whole: purge, vacuum, backup. */
import type {
  BackupDatabaseInput,
  BackupDatabaseOutput,
  CleanupResultsInput,
  CleanupResultsOutput,
  VacuumDatabaseInput,
  VacuumDatabaseOutput,
} from '../../contracts/housekeeping/schema.ts';
import type { BlobStore, StoredBlob } from '../../services/blobs/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { daysBefore, megabytes } from './figures.ts';
import type { HousekeepingPorts } from './ports.ts';

/** Folder of the blob store for backups. */
const BACKUPS = 'backups';

/** Deletes records of work that ended long ago. */
export async function cleanupResults(
  ports: HousekeepingPorts,
  input: CleanupResultsInput,
  context: TaskContext,
): Promise<CleanupResultsOutput> {
  const days = input.days ?? ports.settings.resultRetentionDays;
  const before = daysBefore(ports.now(), days);
  const tables = await ports.records.purge({ before, dryRun: input.dryRun, signal: context.signal });
  const total = Object.values(tables).reduce((sum, rows) => sum + rows, 0);
  return { dry_run: input.dryRun, days, deleted_rows: total, tables: { ...tables } };
}

/** Makes the space of deleted rows reusable, table by table, so that a cancellation takes effect between two tables. */
export async function vacuumDatabase(
  ports: HousekeepingPorts,
  { dryRun }: VacuumDatabaseInput,
  context: TaskContext,
): Promise<VacuumDatabaseOutput> {
  const tables = await ports.upkeep.tables();
  const before = await ports.upkeep.size();
  for (const { name } of dryRun ? [] : tables) {
    context.signal.throwIfAborted();
    context.progress({ table: name });
    await ports.upkeep.vacuum(name, context.signal);
  }
  const after = dryRun ? before : await ports.upkeep.size();
  return {
    status: 'completed',
    dry_run: dryRun,
    tables: tables.length,
    size_before_mb: megabytes(before),
    size_after_mb: megabytes(after),
    freed_space_mb: megabytes(before - after),
    dead_rows: tables.reduce((sum, { deadRows }) => sum + deadRows, 0),
  };
}

/**
 * Stores a copy of the database and deletes all but the newest copies. A second run makes another copy, which is
 * equally valid.
 */
export async function backupDatabase(
  ports: HousekeepingPorts,
  input: BackupDatabaseInput,
  context: TaskContext,
): Promise<BackupDatabaseOutput> {
  const keep = input.keep ?? ports.settings.backupKeep;
  if (input.dryRun) return previewBackup(ports, keep);
  const { content, facts } = await ports.backup.open(context.signal);
  const backup = await ports.blobs.put(BACKUPS, content);
  const { tables, rows, others, migration } = await facts;
  const old = (await newestFirst(ports.blobs)).slice(keep);
  for (const { ref } of old) await ports.blobs.remove(ref);
  return {
    status: 'completed',
    dry_run: false,
    backup,
    tables,
    rows,
    other_tables: [...others],
    size_mb: megabytes(backup.size),
    migration,
    ...freedBy(old),
  };
}

async function previewBackup(ports: HousekeepingPorts, keep: number): Promise<BackupDatabaseOutput> {
  const { tables, rows, others, migration } = await ports.backup.preview();
  // The copy that a dry run does not make would be the newest one.
  const old = (await newestFirst(ports.blobs)).slice(keep - 1);
  const size = await ports.upkeep.size();
  return {
    status: 'completed',
    dry_run: true,
    tables,
    rows,
    other_tables: [...others],
    size_mb: megabytes(size),
    migration,
    ...freedBy(old),
  };
}

async function newestFirst(blobs: BlobStore): Promise<readonly StoredBlob[]> {
  const found: StoredBlob[] = [];
  for await (const blob of blobs.list(BACKUPS)) found.push(blob);
  return found.sort((a, b) => b.putAt.getTime() - a.putAt.getTime());
}

function freedBy(old: readonly StoredBlob[]): Pick<BackupDatabaseOutput, 'deleted_backups' | 'freed_space_mb'> {
  const bytes = old.reduce((sum, { ref }) => sum + ref.size, 0);
  return { deleted_backups: old.length, freed_space_mb: megabytes(bytes) };
}
