import { documentSchema } from '../../contracts/documents/schema.ts';
import { viewDocument } from '../http/lookups.ts';
import { defineRoute } from '../http/route.ts';
import { documentParams } from './schemas.ts';

/** Shows one document. */
export const getDocument = defineRoute({
  method: 'get',
  path: '/documents/:id',
  summary: 'One document: its status, pages, confidence, and why it failed if it did',
  tag: 'documents',
  params: documentParams,
  answers: { 200: { description: 'The document', schema: documentSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await viewDocument(services, params.id));
  },
});
