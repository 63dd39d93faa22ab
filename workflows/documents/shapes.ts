/** What the workflows of the documents domain accept. */
import { batchMessages, documentWorkflows, OCR_BACKENDS } from '../../contracts/documents/vocabulary.ts';
import { blob, carried, fields, flag, list, oneOf, optional, text, whole, type WorkflowShape } from '../shape.ts';

const backend = oneOf(...OCR_BACKENDS);
const reading = { language: text, preprocess: flag, forceOcr: flag };

/** How pages are read, as far as a caller says so. */
export const readingShape = fields({}, { backend, ...reading });

const batch = fields(
  {},
  {
    documentIds: list(text),
    paths: list(text),
    manifest: blob,
    resume: oneOf(true),
    window: whole(1, 500),
    backend,
    ...reading,
  },
);

export const documentShapes = {
  [documentWorkflows.batchOcr]: {
    input: [
      ['input', batch],
      ['carried', carried],
    ],
    messages: { [batchMessages.progress]: [], [batchMessages.pause]: [], [batchMessages.resume]: [] },
  },
  [documentWorkflows.processDocumentOcr]: {
    input: [
      ['documentId', text],
      ['backend', optional(backend)],
      ['overrides', optional(fields({}, reading))],
    ],
  },
  [documentWorkflows.extractInvoiceData]: { input: [['documentId', text]] },
} as const satisfies Readonly<Record<string, WorkflowShape>>;
