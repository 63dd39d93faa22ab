import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from '../../../api/http/openapi.ts';
import { createRoutes } from '../../../api/routes.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, object> };
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

const routes = createRoutes('1.2.3');
const document = openApiDocument(routes, '1.2.3') as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe('the OpenAPI document', () => {
  test('is of version 3.1 and lists every route', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations).toHaveLength(routes.length);
  });

  test('stands under /v1 but for what operators probe', () => {
    const outside = routes.flatMap(({ path }) => (path.startsWith('/v1/') ? [] : [path]));
    expect(outside).toEqual(['/health', '/health/ready', '/health/live']);
  });

  test('names every operation differently', () => {
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  });

  test('declares every parameter of every path', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }) => name);
      expect(declared, path).toEqual(inPath);
    }
  });

  test('tells of problems in one shape, wherever there can be any', () => {
    expect(document.components.schemas).toHaveProperty('Problem');
    const guarded = operations.filter(({ operation }) => operation.security.length > 0);
    expect(guarded.length).toBeGreaterThan(10);
    for (const { operation } of guarded)
      expect(operation.responses['400']?.content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
  });

  test('describes bodies by the schemas that check them', () => {
    const body = document.paths['/v1/batches']?.['post']?.requestBody?.content['application/json'];
    expect(body).toMatchObject({
      schema: {
        properties: { paths: { maxItems: 100_000 }, window: { minimum: 1, maximum: 500 } },
        additionalProperties: false,
      },
    });
    expect(document.paths['/v1/documents']?.['post']?.requestBody?.content).toHaveProperty('multipart/form-data');
  });

  test('refers only to what it holds', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      (match) => match[1] ?? '',
    );
    for (const name of references) expect(document.components.schemas).toHaveProperty(name);
  });

  test('leaves no field of a body optional by accident, as a field of any value is', () => {
    const bodies = routes.flatMap(({ method, path, body }) =>
      body === undefined ? [] : [{ at: `${method} ${path}`, body }],
    );
    expect(bodies.length).toBeGreaterThan(20);
    expect(bodies.flatMap(({ at, body }) => accidents(body, at))).toEqual([]);
  });
});

/** Fields that may be left out although nothing says that they are optional. */
function accidents(schema: z.core.$ZodType, at: string): readonly string[] {
  const { def } = schema._zod as { readonly def: z.core.$ZodTypeDef & Inner };
  const inner = [def.innerType, def.element, def.in].flatMap((one) => (one === undefined ? [] : accidents(one, at)));
  const options = (def.options ?? []).flatMap((option) => accidents(option, at));
  const fields = Object.entries(def.shape ?? {}).flatMap(([name, field]) => {
    const { type } = field._zod.def;
    const said = type === 'optional' || type === 'default' || type === 'prefault';
    const bare = !said && z.safeParse(field, undefined).success ? [`${at}.${name}`] : [];
    return [...bare, ...accidents(field, `${at}.${name}`)];
  });
  return [...inner, ...options, ...fields];
}

interface Inner {
  readonly innerType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
}
