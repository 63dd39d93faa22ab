import { requireDocuments } from '../http/lookups.ts';
import { defineRoute } from '../http/route.ts';
import { manyBody, queuedManySchema } from './schemas.ts';

/** Starts one job for each of several documents. */
export const readDocuments = defineRoute({
  method: 'post',
  path: '/documents/ocr',
  summary: 'Read several documents, one job each (OCR-4); for large numbers start a batch instead',
  tag: 'documents',
  body: manyBody,
  answers: { 202: { description: 'Started', schema: queuedManySchema } },
  errors: [404],
  async handle({ services, body, response }) {
    await requireDocuments(services, body.documentIds);
    response.status(202).json(await services.client.documents.processMany(body.documentIds, body.backend));
  },
});
