import { PAYLOADS_FOLDER } from '../../contracts/canvas/vocabulary.ts';
import type { CleanupOldFilesInput, CleanupOldFilesOutput } from '../../contracts/housekeeping/schema.ts';
import type { BlobStore, StoredBlob } from '../../services/blobs/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { daysBefore, megabytes } from './figures.ts';
import type { HousekeepingPorts } from './ports.ts';

/** The rule by which files of a folder of the blob store are kept. */
type Keep =
  /** Kept while a row names them; an upload without a row after a day will get none. */
  | 'named'
  /** Kept while a row names them, and otherwise for the days that the task is given. */
  | 'named-or-young'
  /** Kept for the days that the task is given, because only histories of workflows reference them. */
  | 'young'
  /** Kept by this task, because another task deletes them. */
  | 'always';

/** Every folder of the blob store. A folder that is not listed is never touched. */
const BLOB_FOLDERS: Readonly<Record<string, Keep>> = {
  documents: 'named',
  data: 'named',
  imports: 'named-or-young',
  media: 'named',
  manifests: 'young',
  outcomes: 'young',
  mailings: 'young',
  [PAYLOADS_FOLDER]: 'young',
  reports: 'named-or-young',
  backups: 'always',
};

/** Keys that are looked up in one query. */
const PAGE = 500;

/**
 * Days after which a file without a row is an orphan: longer than any upload, and than any task that stores a file
 * before its row.
 */
const ORPHAN_DAYS = 1;

interface Sweep {
  readonly ports: HousekeepingPorts;
  readonly days: number;
  readonly dryRun: boolean;
  files: number;
  bytes: number;
  kept: number;
  readonly unknown: Set<string>;
}

/** Deletes stored files that nothing references: uploads without a row, and files of work that ended long ago. */
export async function cleanupOldFiles(
  ports: HousekeepingPorts,
  input: CleanupOldFilesInput,
  context: TaskContext,
): Promise<CleanupOldFilesOutput> {
  const days = input.days ?? ports.settings.fileRetentionDays;
  const sweep: Sweep = { ports, days, dryRun: input.dryRun, files: 0, bytes: 0, kept: 0, unknown: new Set() };
  for await (const page of pagesOf(ports.blobs)) {
    context.signal.throwIfAborted();
    await sweepPage(sweep, page);
    context.progress({ deleted: sweep.files, kept: sweep.kept });
  }
  return {
    dry_run: input.dryRun,
    days,
    deleted_files: sweep.files,
    freed_space_mb: megabytes(sweep.bytes),
    kept_files: sweep.kept,
    unknown_folders: [...sweep.unknown].sort(),
  };
}

async function* pagesOf(blobs: BlobStore): AsyncGenerator<readonly StoredBlob[]> {
  let page: StoredBlob[] = [];
  for await (const blob of blobs.list('')) {
    page.push(blob);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  yield page;
}

async function sweepPage(sweep: Sweep, page: readonly StoredBlob[]): Promise<void> {
  const { ports, dryRun } = sweep;
  const old = page.flatMap((blob) => {
    const before = deadline(sweep, blob);
    return before !== undefined && blob.putAt < before ? [{ blob, before }] : [];
  });
  const named = await ports.references.named(old.map(({ blob }) => blob.ref.key));
  const unwanted = old.filter(({ blob }) => !named.has(blob.ref.key));
  sweep.kept += page.length - unwanted.length;
  for (const { blob, before } of unwanted) {
    const end = dryRun ? 'removed' : await ports.blobs.removeOld(blob.ref, before);
    if (end === 'young') sweep.kept += 1;
    if (end !== 'removed') continue;
    sweep.files += 1;
    sweep.bytes += blob.ref.size;
  }
}

/** Returns the instant before which files may be deleted; `undefined` for never. */
function deadline({ ports, days, unknown }: Sweep, { ref }: StoredBlob): Date | undefined {
  const folder = ref.key.slice(0, ref.key.indexOf('/'));
  const keep = Object.hasOwn(BLOB_FOLDERS, folder) ? BLOB_FOLDERS[folder] : undefined;
  if (keep === undefined) unknown.add(folder);
  if (keep === undefined || keep === 'always') return undefined;
  return daysBefore(ports.now(), keep === 'named' ? ORPHAN_DAYS : Math.max(days, ORPHAN_DAYS));
}
