/** Registers the tasks of the documents domain. */
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { documentTasks } from '../../contracts/documents/tasks.ts';
import { shell, type ShellOptions } from '../shell/shell.ts';
import { extractInvoice } from './extract-invoice.ts';
import type { DocumentPorts } from './ports.ts';
import { prepareBatch } from './prepare-batch.ts';
import { readDocument } from './read-document.ts';
import { summariseBatch } from './summarise-batch.ts';

/**
 * The activities of the documents domain, by task name. Every one may run twice:
 * keys come from the input, and each write meets its own earlier self.
 */
export function createDocumentActivities(ports: DocumentPorts, options: ShellOptions) {
  const tasks = documentTasks;
  return {
    [tasks.prepareBatch.name]: shell(
      tasks.prepareBatch,
      taskSchemas['documents.prepareBatch'],
      (input, context) => prepareBatch(ports, input, context),
      options,
    ),
    [tasks.nextItems.name]: shell(
      tasks.nextItems,
      taskSchemas['documents.nextItems'],
      async ({ batchId, after, limit }) => ({ items: [...(await ports.batches.pending(batchId, after, limit))] }),
      options,
    ),
    [tasks.readDocument.name]: shell(
      tasks.readDocument,
      taskSchemas['documents.readDocument'],
      (input, context) => readDocument(ports, input, context),
      options,
    ),
    [tasks.saveDocuments.name]: shell(
      tasks.saveDocuments,
      taskSchemas['documents.saveDocuments'],
      async ({ outcomes, batchId }) => ({ ...(await ports.documents.saveOutcomes(outcomes, batchId)) }),
      options,
    ),
    [tasks.summariseBatch.name]: shell(
      tasks.summariseBatch,
      taskSchemas['documents.summariseBatch'],
      (input, context) => summariseBatch(ports, input, context),
      options,
    ),
    [tasks.extractInvoice.name]: shell(
      tasks.extractInvoice,
      taskSchemas['documents.extractInvoice'],
      (input) => extractInvoice(ports, input),
      options,
    ),
  };
}
