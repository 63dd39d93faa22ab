import type { ReconcileRunsInput, ReconcileRunsOutput } from '../../contracts/housekeeping/schema.ts';
import { TEMPORARY, temporaryPrefix } from '../imports/prefix.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { HousekeepingPorts } from './ports.ts';

/**
 * Closes rows of running work whose runs have ended, because terminating a run or deleting its history leaves its rows
 * open.
 */
export async function reconcileRuns(
  { openRows, blobs, lookAtRun }: HousekeepingPorts,
  { dryRun }: ReconcileRunsInput,
  { signal }: TaskContext,
): Promise<ReconcileRunsOutput> {
  const { batches, imports, places, documents } = await openRows.close(lookAtRun, { dryRun, signal });
  for (const { id, run, upload } of dryRun ? [] : await openRows.leftFiles()) {
    signal.throwIfAborted();
    // A run that was reset reads its file on, although no step has opened the row again yet.
    if ((await lookAtRun(id, run)) === 'running') continue;
    await blobs.removeAll(temporaryPrefix(run));
    if (upload?.key.startsWith(`${TEMPORARY}/`) === true) await blobs.remove(upload);
    await openRows.forgetFile(run);
  }
  return {
    dry_run: dryRun,
    batches: [...batches],
    imports: [...imports],
    freed_places: places,
    freed_documents: documents,
  };
}
