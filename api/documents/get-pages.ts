import { findDocument } from '../http/lookups.ts';
import { defineRoute } from '../http/route.ts';
import { documentParams, pagesQuery, pagesSchema } from './schemas.ts';

/** Gives what is known of each page that has been read so far. */
export const getPages = defineRoute({
  method: 'get',
  path: '/documents/:id/pages',
  summary: 'Each page that has been read so far: text, confidence, engine, how it was turned, and its words on request',
  tag: 'documents',
  params: documentParams,
  query: pagesQuery,
  answers: { 200: { description: 'The pages, in order', schema: pagesSchema } },
  errors: [404],
  async handle({ services, params, query, response }) {
    await findDocument(services, params.id);
    const readings = await services.documents.pageReadings(params.id);
    const pages = query.words === 'true' ? readings : readings.map(({ words: _words, ...page }) => page);
    response.json({ pages });
  },
});
