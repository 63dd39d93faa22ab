import type { DocumentResult } from '../../services/documents/port.ts';
import { findDocument, notRead, viewDocument } from '../http/lookups.ts';
import { sendSearchablePdf } from './pdf/send.ts';
import { defineRoute } from '../http/route.ts';
import { documentParams, documentResultSchema, resultQuery } from './schemas.ts';
import type { ApiServices } from '../services.ts';

/** Gives what was read, in one of three forms. */
export const getResult = defineRoute({
  method: 'get',
  path: '/documents/:id/result',
  summary: 'What was read: as JSON, as plain text, or as a PDF in which the text can be searched and copied',
  tag: 'documents',
  params: documentParams,
  query: resultQuery,
  answers: {
    200: {
      description: 'The result; `text/plain` and `application/pdf` for the other formats',
      schema: documentResultSchema,
    },
  },
  errors: [404, 409],
  async handle({ services, params, query, response, signal }) {
    const { name, result } = await finished(services, params.id);
    if (query.format === 'pdf') return sendSearchablePdf(services, params.id, response, signal);
    if (query.format === 'text') {
      response.type('text/plain; charset=utf-8').send(result.text);
      return;
    }
    response.json({ document_id: params.id, name, ...result });
  },
});

async function finished(services: ApiServices, id: string): Promise<{ name: string; result: DocumentResult }> {
  const { name } = await findDocument(services, id);
  const result = await services.documents.result(id);
  if (result === undefined) throw notRead(await viewDocument(services, id));
  return { name, result };
}
