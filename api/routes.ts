/** Every route of the API: those of the domains, and those that describe them. */
import type { ApiDomain, TaggedRoute } from './domain.ts';
import * as domains from './domains.ts';
import { openApiDocument } from './http/openapi.ts';
import { overviewPage } from './http/overview.ts';
import { defineRoute } from './http/route.ts';

function tagged({ tag, routes }: ApiDomain): readonly TaggedRoute[] {
  return routes.map((route) => ({ ...route, tag }));
}

/** All routes, those that describe the others included. */
export function createRoutes(version: string): readonly TaggedRoute[] {
  let document: object | undefined;
  const openapi = defineRoute({
    method: 'get',
    path: '/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document',
    open: true,
    answers: { 200: { description: 'The document' } },
    handle({ response }) {
      document ??= openApiDocument(routes, version);
      response.json(document);
      return Promise.resolve();
    },
  });
  const overview = defineRoute({
    method: 'get',
    path: '/docs',
    summary: 'This list',
    open: true,
    answers: { 200: { description: 'A page', mediaType: 'text/html' } },
    handle({ response }) {
      response.type('html').send(overviewPage(routes));
      return Promise.resolve();
    },
  });
  const routes = [
    ...Object.values<ApiDomain>(domains).flatMap(tagged),
    ...tagged({ tag: 'documentation', routes: [openapi, overview] }),
  ];
  return routes;
}
