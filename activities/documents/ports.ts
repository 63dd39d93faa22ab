/** The ports of the documents domain; composition roots supply them. */
import type { BlobStore } from '../../services/blobs/port.ts';
import type { BatchStore, DocumentStore } from '../../services/documents/port.ts';
import type { InvoiceReader } from '../../services/invoices/port.ts';
import type { OcrReader } from '../../services/ocr/port.ts';

/** Access to the files that callers name by path, confined to the allowed folders. */
export interface DocumentFiles {
  /**
   * Returns the real path of a readable regular file.
   * @throws PerennialError `PathNotAllowed`, `FileMissing`
   */
  confine(path: string): Promise<string>;
  /**
   * Returns the file itself, or the documents of a folder in sorted order.
   * @throws PerennialError `PathNotAllowed`, `FileMissing`
   */
  list(path: string, max: number): Promise<readonly string[]>;
}

/** All ports of the documents domain. */
export interface DocumentPorts {
  readonly documents: DocumentStore;
  readonly batches: BatchStore;
  readonly blobs: BlobStore;
  readonly files: DocumentFiles;
  readonly reader: OcrReader;
  readonly invoices: Pick<InvoiceReader, 'read'>;
  /** Languages of pages whose caller names none: `auto`, or codes joined by `+`. */
  readonly language: string;
}
