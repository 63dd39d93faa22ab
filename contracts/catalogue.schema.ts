/** Input and output schema of every task; the compiler refuses a task without them. */
import type { z } from 'zod';
import type { Task, TaskName } from './catalogue.ts';
import * as documents from './documents.schema.ts';
import type { InputOf, OutputOf } from './tasks.ts';

type TaskOf<N extends TaskName> = Extract<Task, { name: N }>;

export const taskSchemas = {
  'documents.prepareBatch': { input: documents.prepareBatchInputSchema, output: documents.prepareBatchOutputSchema },
  'documents.nextItems': { input: documents.nextItemsInputSchema, output: documents.nextItemsOutputSchema },
  'documents.readDocument': { input: documents.readDocumentInputSchema, output: documents.readDocumentOutputSchema },
  'documents.saveDocuments': { input: documents.saveDocumentsInputSchema, output: documents.saveDocumentsOutputSchema },
  'documents.summariseBatch': { input: documents.summariseBatchInputSchema, output: documents.batchSummarySchema },
  'documents.extractInvoice': {
    input: documents.extractInvoiceInputSchema,
    output: documents.extractInvoiceOutputSchema,
  },
} as const satisfies {
  readonly [N in TaskName]: {
    readonly input: z.ZodType<InputOf<TaskOf<N>>>;
    readonly output: z.ZodType<OutputOf<TaskOf<N>>>;
  };
};
