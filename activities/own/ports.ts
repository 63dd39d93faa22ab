import type { BlobStore } from '../../services/blobs/port.ts';
import type { DocumentStore } from '../../services/documents/port.ts';

/** What bodies may use of the product. */
export interface OwnPorts {
  readonly documents: DocumentStore;
  readonly blobs: BlobStore;
}
