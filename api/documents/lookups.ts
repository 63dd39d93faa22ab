/** Finds what a path names, or says that it is not there. */
import { batchStanding, type BatchStatus, NotFound, Unavailable } from '../../client/index.ts';
import type { DocumentView } from '../../contracts/documents/schema.ts';
import type { BatchProgress } from '../../contracts/documents/vocabulary.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { StoredDocument } from '../../services/documents/port.ts';
import type { DocumentServices } from './ports.ts';

function documentNotFound(id: string): PerennialError {
  return new PerennialError('DocumentNotFound', `No document has the id '${id}'.`);
}

/** Gives the document as people see it. @throws PerennialError `DocumentNotFound` */
export async function viewDocument(services: DocumentServices, id: string): Promise<DocumentView> {
  const view = await services.documents.view(id);
  if (view === undefined) throw documentNotFound(id);
  return view;
}

/** Gives the document as it is stored. @throws PerennialError `DocumentNotFound` */
export async function findDocument(services: DocumentServices, id: string): Promise<StoredDocument> {
  const document = await services.documents.find(id);
  if (document === undefined) throw documentNotFound(id);
  return document;
}

/** Refuses a list with ids that do not exist: nothing is started for a mistyped id. @throws PerennialError `DocumentNotFound` */
export async function requireDocuments(services: DocumentServices, ids: readonly string[]): Promise<void> {
  const known = await services.documents.names(ids);
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  const more = unknown.length > 5 ? ` and ${unknown.length - 5} more` : '';
  throw new PerennialError('DocumentNotFound', `No documents have the ids ${unknown.slice(0, 5).join(', ')}${more}.`);
}

/** For a document without a result: says why there is none. */
export function notRead(document: Pick<DocumentView, 'id' | 'status' | 'failure'>): PerennialError {
  const why = document.failure === null ? '' : ` (${document.failure.type}: ${document.failure.message})`;
  return new PerennialError('DocumentNotRead', `The document '${document.id}' is ${document.status}${why}.`);
}

/** Where a batch stands. */
export interface BatchView {
  readonly id: string;
  readonly status: BatchStatus;
  readonly progress: Omit<BatchProgress, 'startedAt'> & { readonly startedAt: string | null };
}

/**
 * Where a batch stands: by the server where it still knows the batch, else by
 * the database, which remembers longer.
 *
 * @throws NotFound neither knows it
 */
export async function viewBatch(services: DocumentServices, id: string): Promise<BatchView> {
  const handle = services.client.documents.getBatch(id);
  const status = await batchStanding(handle, services.batchRows).catch((error: unknown) => {
    throw error instanceof NotFound ? new NotFound(id, 'batch') : error;
  });
  return { id: handle.id, status, progress: await progressOf(services, handle.id, status) };
}

/**
 * A batch answers itself only while a worker runs; a look at the counts must not
 * depend on that. One that was stopped from outside would say for ever what it
 * was about to do.
 */
async function progressOf(services: DocumentServices, id: string, status: BatchStatus): Promise<BatchView['progress']> {
  if (!['running', 'completed', 'cancelled'].includes(status)) return countedProgress(services, id, status);
  try {
    return await services.client.documents.getBatch(id).progress();
  } catch (error) {
    // Forgotten between the two looks, or before the first.
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

/** The workflow id of a batch that the server or the database knows. @throws NotFound */
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
