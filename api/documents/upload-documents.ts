import { createHash, randomUUID } from 'node:crypto';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { NewDocument } from '../../services/documents/port.ts';
import { viewDocument } from '../http/lookups.ts';
import { HttpError } from '../http/problem.ts';
import { defineRoute } from '../http/route.ts';
import { uploadedSchema } from './schemas.ts';
import type { ApiServices } from '../services.ts';
import { receiveFiles } from '../http/upload.ts';

/** Takes files and makes a document of each. */
export const uploadDocuments = defineRoute({
  method: 'post',
  path: '/documents',
  summary: 'Upload one or more files; with an Idempotency-Key a repeated upload makes no further documents',
  tag: 'documents',
  upload: true,
  answers: { 201: { description: 'The documents, in the order of the files', schema: uploadedSchema } },
  errors: [409, 413, 415, 507],
  async handle({ services, request, response }) {
    const idOf = documentIds(request.get('idempotency-key'));
    const maxBytes = services.settings.uploadMaxBytes;
    const limits = { maxFiles: services.settings.uploadMaxFiles ?? 100, maxBytes };
    const uploaded = await receiveFiles(request, limits, async ({ name, index, content }) => {
      const ref = await services.blobs.put('documents', content, { maxBytes });
      return { id: idOf(index), name, source: { kind: 'blob' as const, ref } };
    });
    await services.documents.add(uploaded);
    await Promise.all(uploaded.map((document) => requireSameContent(services, document, document.source.ref)));
    const documents = await Promise.all(uploaded.map(({ id }) => viewDocument(services, id)));
    if (documents[0] !== undefined && documents.length === 1) response.location(`/documents/${documents[0].id}`);
    response.status(201).json({ documents });
  },
});

/** Ids of the files of one upload: the same ones for the same key, so that a repeated upload is harmless (IDEM-4). */
function documentIds(key: string | undefined): (index: number) => string {
  if (key === undefined) return () => randomUUID();
  if (key.length > 255) throw new HttpError(400, 'Expected an Idempotency-Key of at most 255 characters.');
  return (index) => uuidFrom(`perennial-upload\n${key}\n${index}`);
}

/** A UUID of version 8 (RFC 9562: made by a rule of our own) from a text. */
function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}

/** A key that comes back with other files is a mistake of the caller, who would otherwise get the results of the first ones. */
async function requireSameContent(services: ApiServices, wanted: NewDocument, ref: BlobRef): Promise<void> {
  const stored = await services.documents.find(wanted.id);
  if (stored?.source.kind === 'blob' && stored.source.ref.sha256 === ref.sha256) return;
  throw new HttpError(409, 'This Idempotency-Key was used before for an upload with other contents.');
}
