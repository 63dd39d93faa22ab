import { findDocument } from '../http/lookups.ts';
import { defineRoute } from '../http/route.ts';
import { documentParams, queuedSchema, readingBody } from './schemas.ts';

/** Starts the reading of one document. */
export const readDocument = defineRoute({
  method: 'post',
  path: '/documents/:id/ocr',
  summary: 'Read one document (OCR-2); a second call while the first runs is the same job',
  tag: 'documents',
  params: documentParams,
  body: readingBody,
  answers: { 202: { description: 'Started', schema: queuedSchema } },
  errors: [404],
  async handle({ services, params, body, response }) {
    await findDocument(services, params.id);
    const job = await services.client.documents.process(params.id, body);
    response
      .status(202)
      .location(`/documents/${params.id}`)
      .json({ status: 'queued', document_id: params.id, task_id: job.id });
  },
});
