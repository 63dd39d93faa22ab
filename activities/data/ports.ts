/** The ports of data; composition roots supply them. */
import type { CleanupTempFilesInput, CleanupTempFilesOutput } from '../../contracts/housekeeping/schema.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import type { DataCleanings, DataExports, DataFiles, TableScanner, TableThreads } from '../../services/data/port.ts';
import type { StoredFiles } from '../../services/imports/port.ts';
import type { ReportRenderer } from '../../services/reports/port.ts';
import type { TaskContext } from '../shell/task-body.ts';

/** All ports of data. */
export interface DataPorts {
  readonly files: DataFiles;
  readonly blobs: Pick<BlobStore, 'put' | 'open'>;
  readonly stored: Pick<StoredFiles, 'read'>;
  readonly scan: TableScanner;
  readonly threads: TableThreads;
  readonly cleanings: DataCleanings;
  readonly exports: DataExports;
  readonly sheets: Pick<ReportRenderer, 'sheet'>;
  /** Deletes old temporary files, as housekeeping does. @throws PerennialError `TempFolderUnsafe` */
  cleanTemp(input: CleanupTempFilesInput, context: Pick<TaskContext, 'signal'>): Promise<CleanupTempFilesOutput>;
  /** Folder in the store for what a user uploads. */
  uploadPlace(userId: string, tenant: string | undefined): string;
}
