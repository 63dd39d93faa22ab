/** Finds the document or batch that a path names, or throws that it does not exist. */
import { batchStanding, type BatchStatus, NotFound, Unavailable } from '../../client/index.ts';
import type { DocumentView } from '../../contracts/documents/schema.ts';
import type { BatchProgress } from '../../contracts/documents/vocabulary.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { StoredDocument } from '../../services/documents/port.ts';
import type { DocumentServices } from './ports.ts';

function documentNotFound(id: string): PerennialError {
  return new PerennialError('DocumentNotFound', `No document has the id '${id}'.`);
}

/** Returns the public view of a document. @throws PerennialError `DocumentNotFound` */
export async function viewDocument(services: DocumentServices, id: string): Promise<DocumentView> {
  const view = await services.documents.view(id);
  if (view === undefined) throw documentNotFound(id);
  return view;
}

/** Returns the stored record of a document. @throws PerennialError `DocumentNotFound` */
export async function findDocument(services: DocumentServices, id: string): Promise<StoredDocument> {
  const document = await services.documents.find(id);
  if (document === undefined) throw documentNotFound(id);
  return document;
}

/** Refuses a list with unknown ids, so that nothing is started for a mistyped id. @throws PerennialError `DocumentNotFound` */
export async function requireDocuments(services: DocumentServices, ids: readonly string[]): Promise<void> {
  const known = await services.documents.names(ids);
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  const more = unknown.length > 5 ? ` and ${unknown.length - 5} more` : '';
  throw new PerennialError('DocumentNotFound', `No documents have the ids ${unknown.slice(0, 5).join(', ')}${more}.`);
}

/** Makes the error for a document without a result; it says why there is none. */
export function notRead(document: Pick<DocumentView, 'id' | 'status' | 'failure'>): PerennialError {
  const why = document.failure === null ? '' : ` (${document.failure.type}: ${document.failure.message})`;
  return new PerennialError('DocumentNotRead', `The document '${document.id}' is ${document.status}${why}.`);
}

/** Status and progress of a batch. */
export interface BatchView {
  readonly id: string;
  readonly status: BatchStatus;
  readonly progress: Omit<BatchProgress, 'startedAt'> & { readonly startedAt: string | null };
}

/**
 * Returns status and progress of a batch from the Temporal server, or from the database, which keeps batches longer.
 *
 * @throws NotFound neither of them knows the batch
 */
export async function viewBatch(services: DocumentServices, id: string): Promise<BatchView> {
  const handle = services.client.documents.getBatch(id);
  const status = await batchStanding(handle, services.batchRows).catch((error: unknown) => {
    throw error instanceof NotFound ? new NotFound(id, 'batch') : error;
  });
  return { id: handle.id, status, progress: await progressOf(services, handle.id, status) };
}

/**
 * Asks the workflow only while it can answer: a query needs a running worker, and a terminated workflow would repeat its
 * last progress for ever. The counts in the database replace it.
 */
async function progressOf(services: DocumentServices, id: string, status: BatchStatus): Promise<BatchView['progress']> {
  if (!['running', 'completed', 'cancelled'].includes(status)) return countedProgress(services, id, status);
  try {
    return await services.client.documents.getBatch(id).progress();
  } catch (error) {
    // The server may have deleted the workflow since its status was read.
    if (error instanceof Unavailable || error instanceof NotFound) return countedProgress(services, id, status);
    throw error;
  }
}

async function countedProgress(
  services: DocumentServices,
  id: string,
  status: BatchView['status'],
): Promise<BatchView['progress']> {
  const none = { total: 0, completed: 0, failed: 0, missing: 0 };
  const known = await services.batches.exists(id);
  const { total, completed, failed, missing } = known ? await services.batches.counts(id) : none;
  const running = status === 'running';
  const phase = running ? (known ? 'reading' : 'preparing') : status === 'cancelled' ? 'cancelled' : 'finished';
  return { phase, paused: false, total, completed, failed, missing, inFlight: 0, startedAt: null, remainingMs: null };
}

/** Returns the workflow id of a batch that the Temporal server or the database knows. @throws NotFound */
export async function requireBatch(services: DocumentServices, id: string): Promise<string> {
  const handle = services.client.documents.getBatch(id);
  if (await services.batches.exists(handle.id)) return handle.id;
  try {
    await handle.status();
  } catch (error) {
    throw error instanceof NotFound ? new NotFound(id, 'batch') : error;
  }
  return handle.id;
}
