import type { CleanupTempFilesInput, CleanupTempFilesOutput } from '../../contracts/housekeeping/schema.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { hoursBefore, megabytes } from './figures.ts';
import type { HousekeepingPorts } from './ports.ts';

/** Deletes old temporary files. A second run finds nothing to delete. */
export async function cleanupTempFiles(
  ports: Pick<HousekeepingPorts, 'now' | 'temp'>,
  { dryRun, maxAgeHours }: CleanupTempFilesInput,
  context: Pick<TaskContext, 'signal'>,
): Promise<CleanupTempFilesOutput> {
  const before = hoursBefore(ports.now(), maxAgeHours);
  const report = await ports.temp.clean({ before, dryRun, signal: context.signal });
  return {
    dry_run: dryRun,
    deleted_files: report.files,
    deleted_folders: report.folders,
    freed_space_mb: megabytes(report.bytes),
    skipped: report.skipped,
    skipped_examples: report.examples.map((example) => ({ ...example })),
  };
}
