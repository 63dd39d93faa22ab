import type { ExtractInvoiceOutput } from '../../contracts/documents.schema.ts';
import { toWorkflowFailure } from '../failures.ts';
import { extractInvoice } from './activities.ts';

/**
 * Finds the fields of an invoice in a document that has been read (OCR-5).
 *
 * @throws ApplicationFailure `DocumentNotRead` when the document has no text yet: permanent, never retried (P3-31)
 */
export async function extractInvoiceData(documentId: string): Promise<ExtractInvoiceOutput> {
  try {
    return await extractInvoice({ documentId });
  } catch (error) {
    throw toWorkflowFailure(error);
  }
}
