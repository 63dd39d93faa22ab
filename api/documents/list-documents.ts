import { defineRoute } from '../http/route.ts';
import { documentListSchema, listQuery } from './schemas.ts';

/** Lists documents, newest first, or finds those whose text holds some words. */
export const listDocuments = defineRoute({
  method: 'get',
  path: '/documents',
  summary: 'List documents, by status or by words of their text',
  tag: 'documents',
  query: listQuery,
  answers: { 200: { description: 'One page of the list', schema: documentListSchema } },
  async handle({ services, query, response }) {
    const { status, search, limit, after } = query;
    const page = await services.documents.list({
      limit,
      ...(status === undefined ? {} : { status }),
      ...(search === undefined ? {} : { search }),
      ...(after === undefined ? {} : { after }),
    });
    response.json(page);
  },
});
