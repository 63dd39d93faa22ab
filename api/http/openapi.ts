/** The OpenAPI 3.1 document, derived from the route table and its schemas, so that it cannot differ from the API. */
import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { sharedComponents, type Components } from './components.ts';
import { IDEMPOTENCY_KEY, MAX_KEY_LENGTH } from './idempotency.ts';
import { nameShapes, SHAPES } from './openapi-components.ts';
import { type Answer, isKeyed } from './route.ts';
import type { TaggedRoute } from '../domain.ts';

const JSON_TYPE = 'application/json';

const FILES = 'Files';
/** The library has no schema of files. */
const filesShape = {
  type: 'object' as const,
  properties: { files: { type: 'array' as const, items: { type: 'string' as const, format: 'binary' } } },
  required: ['files'],
  examples: [{ files: ['the bytes of a file'] }],
};

/**
 * Makes the OpenAPI document of the API.
 *
 * @param routes - all routes, in the order in which they are to be listed
 * @param named - names and examples of the shapes that the routes take and give
 */
export function openApiDocument(
  routes: readonly TaggedRoute[],
  version: string,
  named: Components = sharedComponents,
): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  registry.registerComponent('securitySchemes', 'header', { type: 'apiKey', in: 'header', name: 'X-API-Key' });
  registry.registerComponent('schemas', FILES, filesShape);
  registerProblems(registry, routes);
  for (const route of routes) registry.registerPath(pathOf(route));
  for (const [name, { schema }] of Object.entries(named)) registry.registerPath(shapePath(name, schema));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Perennial',
      version,
      description: 'Reads documents as durable background work. Errors are problem details (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
  });
  return nameShapes(document, named);
}

/** A path that stands for a shape until it has its name: the library gives the shape of a schema only as part of a document. */
function shapePath(name: string, schema: z.ZodType): RouteConfig {
  const body = { content: { [JSON_TYPE]: { schema } } };
  return { method: 'post', path: `${SHAPES}${name}`, request: { body }, responses: {} };
}

const keyHeaders = z.object({
  [IDEMPOTENCY_KEY]: z
    .string()
    .min(1)
    .max(MAX_KEY_LENGTH)
    .optional()
    .describe('The same key with the same content gets the same answer, and with other content 422'),
});

function pathOf(route: TaggedRoute): RouteConfig {
  return {
    method: route.method,
    path: route.path.replace(/:(\w+)/g, '{$1}'),
    operationId: route.name,
    ...titleOf(route.summary),
    tags: [route.tag],
    ...(route.open ? { security: [] } : { security: [{ key: [] }, { header: [] }, {}] }),
    request: {
      ...(route.params ? { params: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...(isKeyed(route) ? { headers: keyHeaders } : {}),
      ...requestBody(route),
    },
    responses: { ...answersOf(route), ...problemsOf(route) },
  };
}

/** A page shows the summary as a title, for which its first part is enough. */
function titleOf(summary: string): Pick<RouteConfig, 'summary' | 'description'> {
  const [title = summary, ...rest] = summary.split('; ');
  return rest.length === 0 ? { summary } : { summary: title, description: summary };
}

function requestBody(route: TaggedRoute): Pick<NonNullable<RouteConfig['request']>, 'body'> {
  if (route.upload) {
    const schema = { $ref: `#/components/schemas/${FILES}` };
    return { body: { required: true, content: { 'multipart/form-data': { schema } } } };
  }
  if (route.body === undefined) return {};
  // A body may be left out where an empty one will do.
  const required = !route.body.safeParse({}).success;
  return { body: { required, content: { [JSON_TYPE]: { schema: route.body } } } };
}

function answersOf(route: TaggedRoute): Record<string, ResponseConfig> {
  return Object.fromEntries(Object.entries(route.answers).map(([status, answer]) => [status, responseOf(answer)]));
}

function responseOf(answer: Answer): ResponseConfig {
  const { description, mediaType, schema } = answer;
  if (schema === undefined && mediaType === undefined) return { description };
  return {
    description,
    content: { [mediaType ?? JSON_TYPE]: schema === undefined ? { schema: { type: 'string' } } : { schema } },
  };
}

/** Refers to the errors that every route may answer, and to those of this route. */
function problemsOf(route: TaggedRoute): RouteConfig['responses'] {
  return Object.fromEntries(
    problemStatuses(route).map((status) => [String(status), { $ref: `#/components/responses/${problemName(status)}` }]),
  );
}

function problemStatuses(route: TaggedRoute): readonly number[] {
  if (route.open) return [];
  const keyed = isKeyed(route) ? [409, 422] : [];
  return [...new Set([400, 401, ...keyed, ...(route.errors ?? []), 500, 503])];
}

/** The name of the answer with a status, for example `NotFound`. */
function problemName(status: number): string {
  return (STATUS_CODES[status] ?? `Status${status}`).replaceAll(/\W/g, '');
}

/** Answers that are errors stand once in the document. */
function registerProblems(registry: OpenAPIRegistry, routes: readonly TaggedRoute[]): void {
  const schema = { $ref: '#/components/schemas/Problem' };
  for (const status of new Set(routes.flatMap(problemStatuses)))
    registry.registerComponent('responses', problemName(status), {
      description: STATUS_CODES[status] ?? 'Error',
      content: { 'application/problem+json': { schema } },
    });
}
