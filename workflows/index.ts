/** Entry of the workflow bundle: every workflow, by name. */
export { batchOcr } from './documents/batch-ocr.ts';
export { extractInvoiceData } from './documents/extract-invoice-data.ts';
export { processDocumentOcr } from './documents/process-document-ocr.ts';
export { runTask } from './tasks/run-task.ts';
