import { INVOICE_PAGES } from '../../contracts/documents/vocabulary.ts';
import type { ExtractInvoiceInput, ExtractInvoiceOutput } from '../../contracts/documents/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { DocumentPorts } from './ports.ts';

/**
 * Finds the fields of an invoice and stores them in `extracted_data`. The result depends on the stored pages only, so a
 * second run writes the same.
 */
export async function extractInvoice(
  ports: DocumentPorts,
  { documentId }: ExtractInvoiceInput,
  { signal }: TaskContext,
): Promise<ExtractInvoiceOutput> {
  const document = await ports.documents.find(documentId);
  if (document === undefined)
    throw new PerennialError('DocumentNotFound', `expected the id of a known document, got '${documentId}'`);
  if (document.status !== 'completed') {
    throw new PerennialError(
      'DocumentNotRead',
      `expected a document whose text was read, got one that is ${document.status}; run processDocumentOcr first`,
    );
  }
  const pages = await ports.documents.firstPagesAsJson(documentId, INVOICE_PAGES);
  const data = await ports.invoices.read(pages, signal);
  await ports.documents.saveInvoice(documentId, data);
  return { status: 'success', document_id: documentId, entities: data };
}
