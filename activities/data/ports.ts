/** The ports of data; composition roots supply them. */
import type { BlobStore } from '../../services/blobs/port.ts';
import type { DataFiles, TableScanner, TableThreads } from '../../services/data/port.ts';
import type { StoredFiles } from '../../services/imports/port.ts';

/** All ports of data. */
export interface DataPorts {
  readonly files: DataFiles;
  readonly blobs: Pick<BlobStore, 'put'>;
  readonly stored: Pick<StoredFiles, 'read'>;
  readonly scan: TableScanner;
  readonly threads: TableThreads;
  /** Folder in the store for what a user uploads. */
  uploadPlace(userId: string, tenant: string | undefined): string;
}
