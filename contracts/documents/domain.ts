/** What the documents domain contributes to the contracts. */
import { definePipeline, type DomainContract } from '../domain.ts';
import type { BatchOcrInput, BatchSummary, ExtractInvoiceOutput } from './schema.ts';
import { documentTasks } from './tasks.ts';
import { documentWorkflowId, documentWorkflows, type ProcessDocumentResult } from './vocabulary.ts';

export const documents = {
  tasks: documentTasks,
  workflows: documentWorkflows,
  pipelines: {
    batchOcr: definePipeline<BatchOcrInput, BatchSummary>((key) => documentWorkflowId('batchOcr', key)),
    /** Input: id of a document. */
    processDocumentOcr: definePipeline<string, ProcessDocumentResult>((key) =>
      documentWorkflowId('processDocumentOcr', key),
    ),
    /** Input: id of a document that has been read. */
    extractInvoiceData: definePipeline<string, ExtractInvoiceOutput>((key) =>
      documentWorkflowId('extractInvoiceData', key),
    ),
  },
} as const satisfies DomainContract;
