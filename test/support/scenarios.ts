/**
 * Runs of every workflow that matter to users, as data: workflow tests assert
 * what comes out, `npm run record` stores their histories for replay.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { batchMessages, documentWorkflows } from '../../contracts/documents.ts';
import { queues } from '../../contracts/queues.ts';
import { type ScriptedDocument, type ScriptedDocuments, scriptedId } from './scripted-documents.ts';

/** One run: the documents it meets, how it is started, and what is done to it meanwhile. */
export interface Scenario {
  readonly workflow: keyof typeof documentWorkflows;
  readonly documents: readonly ScriptedDocument[];
  /** Arguments of the workflow. */
  readonly args: readonly unknown[];
  /** What happens while it runs. */
  readonly meanwhile?: (handle: WorkflowHandle, world: ScriptedDocuments) => Promise<void>;
}

const many = (count: number, document: ScriptedDocument = {}): ScriptedDocument[] =>
  Array.from({ length: count }, () => document);
const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => scriptedId(n));

/** Waits until a condition of the test's own world holds; fails after ten seconds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 20) {
    if (waited > 10_000) throw new TypeError('expected a condition to hold within 10 s, it never did');
    await sleep(20);
  }
}

export const scenarios = {
  'batch-ocr.success': {
    workflow: 'batchOcr',
    documents: many(5),
    args: [{ documentIds: ids(5), backend: 'tesseract' }],
  },
  'batch-ocr.partial-failure': {
    workflow: 'batchOcr',
    documents: [{}, { fails: { type: 'CorruptDocument' } }, { missing: true }, {}],
    args: [{ documentIds: ids(4) }],
  },
  'batch-ocr.retried': {
    workflow: 'batchOcr',
    documents: [{ fails: { type: 'ReaderCrashed', times: 2 } }, {}],
    args: [{ documentIds: ids(2) }],
  },
  'batch-ocr.many-pages': {
    workflow: 'batchOcr',
    documents: [{ pages: 35 }, { pages: 10 }],
    args: [{ documentIds: ids(2) }],
  },
  'batch-ocr.cancelled': {
    workflow: 'batchOcr',
    documents: [{}, {}, ...many(4, { takesMs: 60_000 })],
    args: [{ documentIds: ids(6), window: 4 }],
    meanwhile: async (handle, { reads }) => {
      await until(() => reads.size >= 5);
      await handle.cancel();
    },
  },
  'batch-ocr.continued-as-new': {
    workflow: 'batchOcr',
    documents: many(120),
    args: [{ documentIds: ids(120), window: 20 }],
  },
  'batch-ocr.paused': {
    workflow: 'batchOcr',
    documents: many(6, { takesMs: 100 }),
    args: [{ documentIds: ids(6), window: 1 }],
    meanwhile: async (handle, { reads }) => {
      await until(() => reads.size >= 2);
      await handle.signal(batchMessages.pause);
      await sleep(400);
      await handle.signal(batchMessages.resume);
    },
  },
  'batch-ocr.empty': { workflow: 'batchOcr', documents: [], args: [{ documentIds: [] }] },
  'process-document-ocr.success': {
    workflow: 'processDocumentOcr',
    documents: [{}],
    args: [scriptedId(0), 'tesseract'],
  },
  'process-document-ocr.failed': {
    workflow: 'processDocumentOcr',
    documents: [{ fails: { type: 'ReaderCrashed' } }],
    args: [scriptedId(0)],
  },
  'process-document-ocr.cancelled': {
    workflow: 'processDocumentOcr',
    documents: [{ takesMs: 60_000 }],
    args: [scriptedId(0)],
    meanwhile: async (handle, { reads }) => {
      await until(() => reads.size >= 1);
      await handle.cancel();
    },
  },
  'extract-invoice-data.success': { workflow: 'extractInvoiceData', documents: [{}], args: [scriptedId(0)] },
  'extract-invoice-data.failed': {
    workflow: 'extractInvoiceData',
    documents: [{ fails: { type: 'DocumentNotRead' } }],
    args: [scriptedId(0)],
  },
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof scenarios;

/** Starts a scenario's workflow and lets happen what it says; the handle follows continue-as-new. */
export async function startScenario(
  client: Client,
  name: ScenarioName,
  world: ScriptedDocuments,
  workflowId: string,
): Promise<WorkflowHandle> {
  const scenario: Scenario = scenarios[name];
  const handle = await client.workflow.start(documentWorkflows[scenario.workflow], {
    taskQueue: queues.workflows,
    workflowId,
    args: [...scenario.args],
  });
  await scenario.meanwhile?.(handle, world);
  return handle;
}
