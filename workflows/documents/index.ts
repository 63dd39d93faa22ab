/** The workflows of the documents domain, by name, and what they accept. */
export { batchOcr } from './batch-ocr.ts';
export { extractInvoiceData } from './extract-invoice-data.ts';
export { processDocumentOcr } from './process-document-ocr.ts';
export { documentShapes } from './shapes.ts';
