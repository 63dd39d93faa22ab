/** Finds the document or batch of an id on the command line. */
import { NotFound, type BatchHandle } from '../../client/index.ts';
import { documentIdSchema, type DocumentView } from '../../contracts/documents/schema.ts';
import type { DocumentServices } from './ports.ts';

/** The document or batch that an id names. */
export type Target =
  { readonly kind: 'document'; readonly view: DocumentView } | { readonly kind: 'batch'; readonly batch: BatchHandle };

/** Finds the document or batch that an id names. @throws NotFound */
export async function findTarget({ client, documents, batches }: DocumentServices, id: string): Promise<Target> {
  if (documentIdSchema.safeParse(id).success) {
    const view = await documents.view(id);
    if (view !== undefined) return { kind: 'document', view };
  }
  const batch = client.documents.getBatch(id);
  if (await batches.exists(batch.id)) return { kind: 'batch', batch };
  try {
    await batch.status();
  } catch (error) {
    throw error instanceof NotFound ? new NotFound(id, 'document or batch') : error;
  }
  return { kind: 'batch', batch };
}

/** Finds the document that an id names. @throws NotFound */
export async function findDocument(services: DocumentServices, id: string): Promise<DocumentView> {
  const view = documentIdSchema.safeParse(id).success ? await services.documents.view(id) : undefined;
  if (view === undefined) throw new NotFound(id, 'document');
  return view;
}
