import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { CleanupOldOcrResultsInput, CleanupOldOcrResultsOutput } from '../../contracts/housekeeping/schema.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { daysBefore, megabytes } from './figures.ts';
import type { HousekeepingPorts } from './ports.ts';
import { MINUTE_MS } from '../../contracts/values/units.ts';

/** Documents deleted in one transaction, with up to thousands of pages. */
const SLICE = 200;

/**
 * Longest time between storing the bytes of an upload and storing its row (the longest request of the API). Younger
 * bytes are kept, so that no row loses its file; the clean-up of orphans deletes them later.
 */
const UPLOAD_WINDOW_MS = 15 * MINUTE_MS;

interface Tally {
  documents: number;
  files: number;
  bytes: number;
  kept: number;
}

/**
 * Deletes old documents slice by slice: first the rows in a transaction, then their files. When it is killed in
 * between, files without rows remain, which a later run deletes, and never a row without its file.
 */
export async function cleanupOldOcrResults(
  ports: HousekeepingPorts,
  input: CleanupOldOcrResultsInput,
  context: TaskContext,
): Promise<CleanupOldOcrResultsOutput> {
  const days = input.days ?? ports.settings.documentRetentionDays;
  const before = daysBefore(ports.now(), days);
  const tally = input.dryRun ? await preview(ports, before) : await deleteAll(ports, before, context);
  return {
    dry_run: input.dryRun,
    days,
    deleted_documents: tally.documents,
    deleted_files: tally.files,
    freed_space_mb: megabytes(tally.bytes),
    kept_files: tally.kept,
  };
}

async function preview(ports: HousekeepingPorts, before: Date): Promise<Tally> {
  return { ...(await ports.documents.count(before)), kept: 0 };
}

async function deleteAll(ports: HousekeepingPorts, before: Date, context: TaskContext): Promise<Tally> {
  const tally: Tally = { documents: 0, files: 0, bytes: 0, kept: 0 };
  for (;;) {
    context.signal.throwIfAborted();
    const { documents, blobs } = await ports.documents.deleteSome(before, SLICE);
    if (documents === 0) return tally;
    tally.documents += documents;
    await removeFiles(ports, blobs, tally);
    context.progress({ deleted: tally.documents });
  }
}

async function removeFiles(ports: HousekeepingPorts, blobs: readonly BlobRef[], tally: Tally): Promise<void> {
  const files = [...new Map(blobs.map((ref) => [ref.key, ref])).values()];
  const named = await ports.references.named(files.map(({ key }) => key));
  const putBefore = new Date(ports.now().getTime() - UPLOAD_WINDOW_MS);
  for (const ref of files) {
    const end = named.has(ref.key) ? 'young' : await ports.blobs.removeOld(ref, putBefore);
    if (end === 'young') tally.kept += 1;
    if (end !== 'removed') continue;
    tally.files += 1;
    tally.bytes += ref.size;
  }
}
