/** All routes of the API: those of the domains, and the documentation of them. */
import { z } from 'zod';
import type { PluggableDomain } from '../contracts/pluggable.ts';
import type { PortsOf } from '../contracts/ports.ts';
import type { ApiDomain, TaggedRoute } from './domain.ts';
import * as domains from './domains.ts';
import { sharedComponents, type Components } from './http/components.ts';
import { openApiDocument } from './http/openapi.ts';
import { overviewPage } from './http/overview.ts';
import { HttpError } from './http/problem.ts';
import { REFERENCE_FILES, sendReference, sendReferenceFile } from './http/reference.ts';
import { defineRoute, type Route } from './http/route.ts';
import type { ApiServices } from './services.ts';

/** Everything that the handlers of all domains use: what all of them share, and the ports of each domain. */
export type AllServices = ApiServices & PortsOf<typeof domains>;

function tagged({ tag, routes }: ApiDomain<AllServices>): readonly TaggedRoute<AllServices>[] {
  return routes.map((route) => ({ ...route, tag }));
}

function presentDomains(without: readonly PluggableDomain[]): readonly ApiDomain<AllServices>[] {
  return Object.entries<ApiDomain<AllServices>>(domains).flatMap(([name, domain]) =>
    without.some((absent) => absent === name) ? [] : [domain],
  );
}

/**
 * Returns the names and examples of the shapes that the routes take and give.
 *
 * @param without - domains that the application does not have
 */
export function createComponents(without: readonly PluggableDomain[] = []): Components {
  const own = presentDomains(without).flatMap(({ components = {} }) => Object.entries(components));
  return { ...sharedComponents, ...Object.fromEntries(own) };
}

/**
 * Returns all routes, including those of the documentation.
 *
 * @param without - domains that the application does not have
 * @param own - routes of the application
 * @param program - file of the program of the reference page; without it, the page is a list
 */
export function createRoutes(
  version: string,
  without: readonly PluggableDomain[] = [],
  own: readonly Route[] = [],
  program?: string,
): readonly TaggedRoute<AllServices>[] {
  let document: object | undefined;
  const openapi = defineRoute({
    name: 'getOpenApi',
    method: 'get',
    path: '/v1/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document',
    open: true,
    answers: { 200: { description: 'The document' } },
    handle({ response }) {
      document ??= openApiDocument(routes, version, createComponents(without));
      response.json(document);
      return Promise.resolve();
    },
  });
  const reference = defineRoute({
    name: 'showReference',
    method: 'get',
    path: '/v1/docs',
    summary: 'This API as a page, with bodies and a way to try it; without its program, a list',
    open: true,
    answers: { 200: { description: 'A page', mediaType: 'text/html' } },
    handle({ response }) {
      if (program === undefined) response.type('html').send(overviewPage(routes));
      else sendReference(response);
      return Promise.resolve();
    },
  });
  const referenceFile = defineRoute({
    name: 'getReferenceFile',
    method: 'get',
    path: '/v1/docs/:file',
    summary: 'The program of the page',
    open: true,
    params: z.object({ file: z.enum(REFERENCE_FILES) }),
    answers: { 200: { description: 'A script', mediaType: 'text/javascript' } },
    errors: [404],
    async handle({ params, response }) {
      if (program === undefined)
        throw new HttpError(404, 'The program of the page is not installed; /v1/docs lists the routes.');
      await sendReferenceFile(program, params.file, response);
    },
  });
  const routes = [
    ...presentDomains(without).flatMap(tagged),
    ...tagged({ tag: 'application', routes: own }),
    ...tagged({ tag: 'documentation', routes: [openapi, reference, referenceFile] }),
  ];
  return routes;
}
