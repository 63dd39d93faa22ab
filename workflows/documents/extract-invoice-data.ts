import type { ExtractInvoiceOutput } from '../../contracts/documents/schema.ts';
import { tasks } from '../calls/tasks.ts';

/**
 * Finds the fields of an invoice in a document that has been read.
 * @throws ApplicationFailure `DocumentNotRead` when the document has no text yet; it is never retried, because waiting
 *   does not change that
 */
export async function extractInvoiceData(documentId: string): Promise<ExtractInvoiceOutput> {
  return await tasks.documents.extractInvoice({ documentId });
}
