/** The rows that the documents domain adds to the catalogue of tasks. */
import type {
  BatchSummary,
  ExtractInvoiceInput,
  ExtractInvoiceOutput,
  NextItemsInput,
  NextItemsOutput,
  PrepareBatchInput,
  PrepareBatchOutput,
  ReadDocumentInput,
  ReadDocumentOutput,
  SaveDocumentsInput,
  SaveDocumentsOutput,
  SummariseBatchInput,
} from './schema.ts';
import { documentRetry, invoiceRetry, standardLimits, untilStoreIsBack } from '../tasks/policies.ts';
import { queues } from '../queues/names.ts';
import { taskRow } from '../tasks/definition.ts';

export const documentTasks = {
  prepareBatch: taskRow<PrepareBatchInput, PrepareBatchOutput>()({
    name: 'documents.prepareBatch',
    queue: queues.documentsDefault,
    purpose: 'Registers the entries of a batch: finds files and rows, notes missing and repeated ones.',
    retry: untilStoreIsBack,
    limits: standardLimits,
    keepOnRedrive: false,
  }),
  nextItems: taskRow<NextItemsInput, NextItemsOutput>()({
    name: 'documents.nextItems',
    queue: queues.documentsDefault,
    purpose: 'Hands out the next entries of a batch that are still to be read.',
    retry: untilStoreIsBack,
    limits: standardLimits,
    keepOnRedrive: false,
  }),
  readDocument: taskRow<ReadDocumentInput, ReadDocumentOutput>()({
    name: 'documents.readDocument',
    queue: queues.documentsOcr,
    purpose: 'Reads pages of one document and stores each as soon as it is read.',
    retry: documentRetry,
    limits: standardLimits,
  }),
  saveDocuments: taskRow<SaveDocumentsInput, SaveDocumentsOutput>()({
    name: 'documents.saveDocuments',
    queue: queues.documentsDefault,
    purpose: 'Records what became of up to 1,000 documents in one transaction.',
    retry: untilStoreIsBack,
    limits: standardLimits,
    keepOnRedrive: false,
  }),
  summariseBatch: taskRow<SummariseBatchInput, BatchSummary>()({
    name: 'documents.summariseBatch',
    queue: queues.documentsDefault,
    purpose: 'Closes a batch and lists one outcome for each entry.',
    retry: untilStoreIsBack,
    limits: standardLimits,
    keepOnRedrive: false,
  }),
  extractInvoice: taskRow<ExtractInvoiceInput, ExtractInvoiceOutput>()({
    name: 'documents.extractInvoice',
    queue: queues.documentsDefault,
    purpose: 'Finds the fields of an invoice in a document that has been read.',
    retry: invoiceRetry,
    limits: standardLimits,
  }),
} as const;
