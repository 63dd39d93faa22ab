/** The ports that only the routes of documents use. */
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import { createBatchStore } from '../../services/documents/batches.ts';
import { openOriginal, type OriginalFile } from '../../services/documents/original.ts';
import { createDocumentStore } from '../../services/documents/postgres.ts';
import type { BatchStore, DocumentSource, DocumentStore } from '../../services/documents/port.ts';
import { confinePath } from '../../services/files/confine.ts';
import { createOpenRows } from '../../services/housekeeping/open-rows.ts';
import type { OpenRows } from '../../services/housekeeping/port.ts';
import type { PooledOcrReader } from '../../services/ocr/reader.ts';
import type { SearchablePdfs } from '../../services/ocr/searchable/port.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** Opens the file of a document. */
export interface DocumentFiles {
  /** Makes the file local; the caller calls `release` when done. @throws PerennialError `FileMissing`, `PathNotAllowed`, `BlobCorrupt`, `StorageUnavailable` */
  open(source: DocumentSource): Promise<{ readonly path: string; release(): Promise<void> }>;
  /** Opens a file that `open` made local, to send it. @throws PerennialError `FileMissing` */
  original(path: string): Promise<OriginalFile>;
}

/** The ports of documents and their batches. */
export interface DocumentPorts {
  readonly documents: DocumentStore;
  readonly batches: BatchStore;
  readonly batchRows: Pick<OpenRows, 'closeBatch' | 'reopenBatch' | 'batchStatus'>;
  readonly files: DocumentFiles;
  readonly searchable: SearchablePdfs;
}

/** What the handlers of documents may use. */
export type DocumentServices = ApiServices & DocumentPorts;

/** Builds the ports over the database, the blob store and a reader of pages. */
export function openDocumentPorts(root: ApiRoot): DocumentPorts {
  const { database, config, blobs } = root;
  return {
    documents: createDocumentStore(database),
    batches: createBatchStore(database),
    batchRows: createOpenRows(database),
    files: documentFiles(config.documents.roots, blobs),
    searchable: searchableOnDemand(root),
  };
}

/** Loads what draws pages when the first copy is asked for, because an application may be without documents. */
function searchableOnDemand(root: ApiRoot): SearchablePdfs {
  let loaded: Promise<SearchablePdfs> | undefined;
  return {
    open: async (...given) => (await (loaded ??= loadSearchablePdfs(root))).open(...given),
  };
}

async function loadSearchablePdfs(root: ApiRoot): Promise<SearchablePdfs> {
  const { createSearchablePdfs } = await import('../../services/ocr/searchable/pdfs.ts');
  return createSearchablePdfs(await openReader(root));
}

/** Opens a reader with one process: the API draws a page now and then, and the cores belong to the workers. */
async function openReader(root: ApiRoot): Promise<PooledOcrReader> {
  const { createOcrReader } = await import('../../services/ocr/reader.ts');
  const { config, logger } = root;
  const { ocr } = config.documents;
  const reader = createOcrReader({
    processes: 1,
    pageTimeoutMs: ocr.pageTimeoutMs,
    pageMemoryMb: ocr.pageMemoryMb,
    maxPixels: ocr.maxPixels,
    maxFileBytes: ocr.maxFileMb * BYTES_PER_MB,
    maxPages: ocr.maxPages,
    logger,
  });
  root.onClose(() => reader.close());
  return reader;
}

/** Opens the files of documents: a path inside the allowed folders, or a blob. */
export function documentFiles(roots: readonly string[], blobs: ApiRoot['blobs']): DocumentFiles {
  return {
    open: async (source) => {
      if (source.kind === 'blob') return blobs.localFile(source.ref);
      // The path is checked again, because it may have become a link to a place outside the allowed folders.
      const { path } = await confinePath(source.path, roots);
      return { path, release: () => Promise.resolve() };
    },
    original: openOriginal,
  };
}
