/** The activities of the documents domain: one body for each row of `contracts/documents/tasks.ts`. */
import { documentTaskSchemas } from '../../contracts/documents/schema.ts';
import { documentTasks } from '../../contracts/documents/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import { extractInvoice } from './extract-invoice.ts';
import type { DocumentPorts } from './ports.ts';
import { prepareBatch } from './prepare-batch.ts';
import { readDocument } from './read-document.ts';
import { summariseBatch } from './summarise-batch.ts';

/**
 * Creates the activities of documents. Every one may run twice: keys come from the input, and a repeated write finds
 * what the first one stored.
 */
export const createDocumentActivities = activitiesOf(documentTasks, documentTaskSchemas, (ports: DocumentPorts) => ({
  prepareBatch: (input, context) => prepareBatch(ports, input, context),
  nextItems: async ({ batchId, after, limit }) => {
    await ports.batches.reopen(batchId);
    return { items: [...(await ports.batches.pending(batchId, after, limit))] };
  },
  readDocument: (input, context) => readDocument(ports, input, context),
  saveDocuments: async ({ outcomes, batchId }) => ({ ...(await ports.documents.saveOutcomes(outcomes, batchId)) }),
  summariseBatch: (input, context) => summariseBatch(ports, input, context),
  extractInvoice: (input, context) => extractInvoice(ports, input, context),
}));
