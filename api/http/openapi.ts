/** The OpenAPI 3.1 document, derived from the route table and its schemas, so that it cannot differ from the API. */
import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { IDEMPOTENCY_KEY, MAX_KEY_LENGTH } from './idempotency.ts';
import { problemSchema } from './problem.ts';
import { type Answer, isKeyed } from './route.ts';
import type { TaggedRoute } from '../domain.ts';

const JSON_TYPE = 'application/json';

/**
 * Makes the OpenAPI document of the API.
 *
 * @param routes - all routes, in the order in which they are to be listed
 */
export function openApiDocument(routes: readonly TaggedRoute[], version: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  registry.registerComponent('securitySchemes', 'header', { type: 'apiKey', in: 'header', name: 'X-API-Key' });
  for (const route of routes) registry.registerPath(pathOf(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Perennial',
      version,
      description: 'Reads documents as durable background work. Errors are problem details (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
  });
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
    operationId: operationId(route),
    summary: route.summary,
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

/** Derives an id that is stable and unique, for example `getDocumentsIdResult`. */
function operationId(route: TaggedRoute): string {
  const words = route.path
    .replace(/^\/v1\b/, '')
    .split(/\W+/)
    .filter((word) => word !== '');
  return route.method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function requestBody(route: TaggedRoute): Pick<NonNullable<RouteConfig['request']>, 'body'> {
  if (route.upload) {
    const files = { type: 'array' as const, items: { type: 'string' as const, format: 'binary' } };
    return {
      body: {
        required: true,
        content: { 'multipart/form-data': { schema: { type: 'object', properties: { files } } } },
      },
    };
  }
  return route.body ? { body: { content: { [JSON_TYPE]: { schema: route.body } } } } : {};
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

/** Returns the errors that every route may answer, and those of this route. */
function problemsOf(route: TaggedRoute): Record<string, ResponseConfig> {
  if (route.open) return {};
  const keyed = isKeyed(route) ? [409, 422] : [];
  const statuses = [...new Set([400, 401, ...keyed, ...(route.errors ?? []), 500, 503])];
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: STATUS_CODES[status] ?? 'Error',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
}
