/** Starts the jobs of the documents domain and finds them. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  backendSchema,
  documentIdSchema,
  readingOptionsSchema,
  type ExtractInvoiceOutput,
} from '../../contracts/documents/schema.ts';
import {
  documentWorkflowId,
  documentWorkflows,
  parseDocumentWorkflowId,
  type OcrBackend,
  type ProcessDocumentResult,
} from '../../contracts/documents/vocabulary.ts';
import type { batchOcr, extractInvoiceData, processDocumentOcr } from '../../workflows/index.ts';
import { NotFound } from '../connection/errors.ts';
import { jobHandle } from '../connection/handles.ts';
import { batchHandle } from './handles.ts';
import { INLINE_ENTRIES, prepareStart } from './manifest.ts';
import { pauseFor, type Rpc } from '../connection/rpc.ts';
import type { ClientContext, ManifestStore } from '../domain.ts';
import { fingerprintOf } from '../connection/fingerprint.ts';
import { fingerprintIn, jobNameSchema, startJob } from '../connection/start-job.ts';
import { validate } from '../connection/validate.ts';
import type { JobHandle } from '../connection/jobs.ts';
import type { BatchHandle, BatchStart, DocumentJobs, ProcessOptions, QueuedDocuments } from './types.ts';

/** Starts in flight at once in `processMany`, enough to hide the latency and few enough not to overload the server. */
const STARTS_IN_FLIGHT = 20;

/** Longest wait of `resumeBatch` for a batch that is being cancelled, in milliseconds. */
const CANCEL_PATIENCE_MS = 30_000;

const processOptionsSchema = readingOptionsSchema.partial().strict();
const manyIdsSchema = z.array(documentIdSchema).min(1).max(INLINE_ENTRIES);

/** Binds the jobs of the documents domain to a connection. Lists of more than 5,000 entries are stored as blobs. */
export function createDocumentJobs({ rpc, blobs }: Pick<ClientContext, 'rpc' | 'blobs'>): DocumentJobs {
  const jobs: DocumentJobs = {
    batchOcr: (input, options) => startBatch(rpc, blobs, input, options?.id),
    getBatch: (id) => batchHandle(rpc, batchWorkflowId(id)),
    resumeBatch: (id, options) => resumeBatch(rpc, batchWorkflowId(id), options?.known ?? false),
    process: (documentId, options) => processDocument(rpc, documentId, options ?? {}),
    processMany: (documentIds, backend) => processMany(jobs, documentIds, backend),
    extractInvoice: (documentId) => extractInvoice(rpc, documentId),
  };
  return jobs;
}

/** Accepts both the workflow id and the caller's name of a batch, because users see and type both. */
function batchWorkflowId(id: string): string {
  const name = validate(jobNameSchema, id, 'id');
  return parseDocumentWorkflowId(name)?.workflow === 'batchOcr' ? name : documentWorkflowId('batchOcr', name);
}

async function startBatch(
  rpc: Rpc,
  blobs: ManifestStore | undefined,
  input: BatchStart,
  id?: string,
): Promise<BatchHandle> {
  const workflowId = batchWorkflowId(id ?? randomUUID());
  const prepared = await prepareStart(input, blobs);
  await startJob<typeof batchOcr>(rpc, {
    workflow: documentWorkflows.batchOcr,
    workflowId,
    staticSummary: 'text recognition of a batch of documents',
    args: [prepared],
    whenDone: 'keep',
    whenFailed: 'go-on',
    // The window is left out of the fingerprint.
    fingerprint: fingerprintOf(rpc, { ...prepared, window: undefined }),
  });
  return batchHandle(rpc, workflowId);
}

async function resumeBatch(rpc: Rpc, workflowId: string, known: boolean): Promise<BatchHandle> {
  const handle = batchHandle(rpc, workflowId);
  const giveUpAt = Date.now() + CANCEL_PATIENCE_MS;
  let fingerprint: string | undefined;
  for (;;) {
    const run = await runState(rpc, workflowId, known);
    const { state } = run;
    fingerprint = run.fingerprint;
    if (state === 'running') {
      await handle.resume();
      return handle;
    }
    // A start would join the run that is about to end and have no effect.
    if (state === 'ended' || Date.now() > giveUpAt) break;
    await pauseFor(200);
  }
  await startJob<typeof batchOcr>(rpc, {
    workflow: documentWorkflows.batchOcr,
    workflowId,
    staticSummary: 'text recognition of the rest of a batch of documents',
    args: [{ resume: true }],
    whenDone: 'repeat',
    // A resumed batch has the same content.
    ...(fingerprint === undefined ? {} : { fingerprint: { text: fingerprint, former: [] } }),
  });
  return handle;
}

interface RunState {
  readonly state: 'running' | 'stopping' | 'ended';
  readonly fingerprint?: string | undefined;
}

async function runState(rpc: Rpc, workflowId: string, known: boolean): Promise<RunState> {
  try {
    const description = await rpc.call(workflowId, (client) => client.workflow.getHandle(workflowId).describe());
    const fingerprint = fingerprintIn(description);
    if (description.status.name !== 'RUNNING') return { state: 'ended', fingerprint };
    const stopping = description.raw.workflowExtendedInfo?.cancelRequested === true;
    return { state: stopping ? 'stopping' : 'running', fingerprint };
  } catch (error) {
    if (error instanceof NotFound && known) return { state: 'ended' };
    throw error;
  }
}

async function processDocument(
  rpc: Rpc,
  documentId: string,
  options: ProcessOptions,
): Promise<JobHandle<ProcessDocumentResult>> {
  const id = validate(documentIdSchema, documentId, 'documentId');
  const { backend, ...rest } = validate(processOptionsSchema, options, 'options');
  const workflowId = documentWorkflowId('processDocumentOcr', id);
  await startJob<typeof processDocumentOcr>(rpc, {
    workflow: documentWorkflows.processDocumentOcr,
    workflowId,
    staticSummary: 'text recognition of a document',
    args: [id, backend, withoutUndefined(rest)],
    whenDone: 'repeat',
  });
  return jobHandle(rpc, workflowId);
}

async function processMany(
  jobs: DocumentJobs,
  documentIds: readonly string[],
  backend?: OcrBackend,
): Promise<QueuedDocuments> {
  const ids = validate(manyIdsSchema, documentIds, 'documentIds');
  const options = backend === undefined ? {} : { backend: validate(backendSchema, backend, 'backend') };
  const tasks: QueuedDocuments['tasks'][number][] = [];
  for (let at = 0; at < ids.length; at += STARTS_IN_FLIGHT) {
    const started = ids
      .slice(at, at + STARTS_IN_FLIGHT)
      .map(async (id) => ({ document_id: id, task_id: (await jobs.process(id, options)).id }));
    tasks.push(...(await Promise.all(started)));
  }
  return { status: 'queued', total_documents: ids.length, tasks };
}

async function extractInvoice(rpc: Rpc, documentId: string): Promise<JobHandle<ExtractInvoiceOutput>> {
  const id = validate(documentIdSchema, documentId, 'documentId');
  const workflowId = documentWorkflowId('extractInvoiceData', id);
  await startJob<typeof extractInvoiceData>(rpc, {
    workflow: documentWorkflows.extractInvoiceData,
    workflowId,
    staticSummary: 'fields of an invoice',
    args: [id],
    whenDone: 'repeat',
  });
  return jobHandle(rpc, workflowId);
}

/** Drops keys with the value `undefined`, which would override the defaults of the workflow. */
function withoutUndefined<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Only keys with `undefined` are dropped, so the rest has this type.
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
