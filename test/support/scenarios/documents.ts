import { setTimeout as sleep } from 'node:timers/promises';
import { batchMessages, documentWorkflows } from '../../../contracts/documents/vocabulary.ts';
import { type Scenario, until } from './scenario.ts';
import { scriptDocuments, type ScriptedDocument, type ScriptedDocuments, scriptedId } from '../scripted/documents.ts';

const many = (count: number, document: ScriptedDocument = {}): ScriptedDocument[] =>
  Array.from({ length: count }, () => document);
const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => scriptedId(n));

export const documentScenarios = {
  'batch-ocr.success': {
    workflow: documentWorkflows.batchOcr,
    world: () => scriptDocuments(many(5)),
    args: [{ documentIds: ids(5), backend: 'tesseract' }],
  },
  'batch-ocr.partial-failure': {
    workflow: documentWorkflows.batchOcr,
    world: () => scriptDocuments([{}, { fails: { type: 'CorruptDocument' } }, { missing: true }, {}]),
    args: [{ documentIds: ids(4) }],
  },
  'batch-ocr.retried': {
    workflow: documentWorkflows.batchOcr,
    world: () => scriptDocuments([{ fails: { type: 'ReaderCrashed', times: 2 } }, {}]),
    args: [{ documentIds: ids(2) }],
  },
  'batch-ocr.many-pages': {
    workflow: documentWorkflows.batchOcr,
    world: () => scriptDocuments([{ pages: 35 }, { pages: 10 }]),
    args: [{ documentIds: ids(2) }],
  },
  'batch-ocr.cancelled': {
    workflow: documentWorkflows.batchOcr,
    world: () => scriptDocuments([{}, {}, ...many(4, { takesMs: 60_000 })]),
    args: [{ documentIds: ids(6), window: 4 }],
    meanwhile: async (handle, { reads }) => {
      await until(() => reads.size >= 5);
      await handle.cancel();
    },
  },
  'batch-ocr.continued-as-new': {
    workflow: documentWorkflows.batchOcr,
    world: () => scriptDocuments(many(120)),
    args: [{ documentIds: ids(120), window: 20 }],
  },
  'batch-ocr.paused': {
    workflow: documentWorkflows.batchOcr,
    world: () => scriptDocuments(many(6, { takesMs: 100 })),
    args: [{ documentIds: ids(6), window: 1 }],
    meanwhile: async (handle, { reads }) => {
      await until(() => reads.size >= 2);
      await handle.signal(batchMessages.pause);
      await sleep(400);
      await handle.signal(batchMessages.resume);
    },
  },
  'batch-ocr.empty': {
    workflow: documentWorkflows.batchOcr,
    world: () => scriptDocuments([]),
    args: [{ documentIds: [] }],
  },
  'process-document-ocr.success': {
    workflow: documentWorkflows.processDocumentOcr,
    world: () => scriptDocuments([{}]),
    args: [scriptedId(0), 'tesseract'],
  },
  'process-document-ocr.failed': {
    workflow: documentWorkflows.processDocumentOcr,
    world: () => scriptDocuments([{ fails: { type: 'ReaderCrashed' } }]),
    args: [scriptedId(0)],
  },
  'process-document-ocr.cancelled': {
    workflow: documentWorkflows.processDocumentOcr,
    world: () => scriptDocuments([{ takesMs: 60_000 }]),
    args: [scriptedId(0)],
    meanwhile: async (handle, { reads }) => {
      await until(() => reads.size >= 1);
      await handle.cancel();
    },
  },
  'extract-invoice-data.success': {
    workflow: documentWorkflows.extractInvoiceData,
    world: () => scriptDocuments([{}]),
    args: [scriptedId(0)],
  },
  'extract-invoice-data.failed': {
    workflow: documentWorkflows.extractInvoiceData,
    world: () => scriptDocuments([{ fails: { type: 'DocumentNotRead' } }]),
    args: [scriptedId(0)],
  },
} as const satisfies Readonly<Record<string, Scenario<ScriptedDocuments>>>;
