/** The ports that only the commands of documents use. */
import type { BatchRows } from '../../client/index.ts';
import { createBatchStore } from '../../services/documents/batches.ts';
import type { BatchStore, DocumentStore } from '../../services/documents/port.ts';
import { createDocumentStore } from '../../services/documents/postgres.ts';
import { createOpenRows } from '../../services/housekeeping/open-rows.ts';
import type { CliRoot } from '../root.ts';
import type { CliContext, CliServices } from '../terminal/context.ts';

/** The ports of documents. */
export interface DocumentPorts {
  readonly documents: DocumentStore;
  readonly batches: BatchStore;
  readonly batchRows: BatchRows;
}

/** What the commands of documents use once connected. */
export type DocumentServices = CliServices & DocumentPorts;

/** What one run of a command of documents works with. */
export type DocumentContext = CliContext<DocumentServices>;

/** Builds the ports over the database. */
export function openDocumentPorts({ database }: CliRoot): DocumentPorts {
  return {
    documents: createDocumentStore(database),
    batches: createBatchStore(database),
    batchRows: createOpenRows(database),
  };
}
