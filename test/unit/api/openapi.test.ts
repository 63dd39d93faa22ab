import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { component } from '../../../api/http/components.ts';
import { openApiDocument } from '../../../api/http/openapi.ts';
import { createComponents, createRoutes } from '../../../api/routes.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, object> };
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema>; readonly responses: Record<string, object> };
}
interface Schema {
  readonly $ref?: string;
  readonly examples?: readonly unknown[];
  readonly [keyword: string]: unknown;
}

const routes = createRoutes('1.2.3');
const components = createComponents();
const document = openApiDocument(routes, '1.2.3', components) as Document;
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

  test('names every operation differently, by a verb and what it is done to', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(?:[A-Z][a-z]+)+$/);
    for (const { operation } of operations) {
      expect(operation.summary, operation.operationId).toMatch(/^\S.{3,}/);
      expect(operation.tags, operation.operationId).toHaveLength(1);
    }
  });

  test('keeps the names that generated clients use', async () => {
    const names = operations.map(({ operation }) => operation.operationId).sort();
    const shapes = Object.keys(document.components.schemas);
    await expect([...names, '', ...shapes].join('\n')).toMatchFileSnapshot('openapi-names.txt');
  });

  test('refers to a shape by its name, and describes none twice', () => {
    for (const { operation } of operations) {
      const bodies = [operation.requestBody, ...Object.values(operation.responses)];
      const contents = bodies.flatMap((body) => Object.entries(body?.content ?? {}) as [string, { schema: Schema }][]);
      for (const [type, { schema }] of contents.filter(([name]) => /json|multipart/.test(name)))
        expect(schema.$ref, `${operation.operationId} ${type}`).toMatch(/^#\/components\/schemas\/[A-Z]\w+$/);
    }
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const { at, schema } of shapesIn(document)) {
      const { description: _description, default: _default, examples: _examples, ...shape } = schema;
      const text = JSON.stringify(shape);
      if (seen.has(text)) twice.push(`${at} and ${seen.get(text)}`);
      seen.set(text, at);
    }
    expect(seen.size).toBeGreaterThan(150);
    expect(twice).toEqual([]);
  });

  test('has an example of each shape that its description and the check of the API let through', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'api');
    for (const [, pattern = ''] of JSON.stringify(document).matchAll(/"pattern":"((?:[^"\\\\]|\\\\.)*)"/g))
      expect(pattern, 'a pattern of JSON Schema has no flags').not.toMatch(/\/[a-z]+$/);
    for (const [name, { examples }] of Object.entries(document.components.schemas)) {
      expect(examples, name).toHaveLength(1);
      const check = ajv.getSchema(`api#/components/schemas/${name}`);
      expect(check?.(examples?.[0]), `${name}: ${ajv.errorsText(check?.errors)}`).toBe(true);
      const { schema } = components[name] ?? {};
      if (schema !== undefined) expect(schema.safeParse(examples?.[0]).error, name).toBeUndefined();
    }
  });

  test('refuses two names for one shape', () => {
    const same = { One: component(z.object({ a: z.string() })), Other: component(z.object({ a: z.string() })) };
    expect(() => openApiDocument(routes, '1', { ...components, ...same })).toThrow('got One and Other with the same');
  });

  test('takes a field with a default for one that may be left out, and tells the default', () => {
    const schema = document.components.schemas['StartOfTask'] as unknown as {
      properties: Record<string, Schema>;
      required: string[];
    };
    expect(schema.required).toEqual(['task']);
    expect(schema.properties['args']).toMatchObject({ description: 'Positional arguments; default []' });
    expect(JSON.stringify(document.components)).not.toContain('"default":');
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
      expect(operation.responses['400']).toEqual({ $ref: '#/components/responses/BadRequest' });
    for (const response of Object.values(document.components.responses))
      expect(response).toMatchObject({
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      });
  });

  test('describes bodies by the schemas that check them', () => {
    const body = document.paths['/v1/batches']?.['post']?.requestBody?.content['application/json'];
    expect(body).toEqual({ schema: { $ref: '#/components/schemas/StartOfBatch' } });
    expect(document.components.schemas['StartOfBatch']).toMatchObject({
      properties: { paths: { maxItems: 100_000 }, window: { minimum: 1, maximum: 500 } },
      additionalProperties: false,
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

/** Every shape that is written out: objects with fields, unions and enumerations of several values. */
function shapesIn(value: unknown, at = ''): readonly { readonly at: string; readonly schema: Schema }[] {
  if (typeof value !== 'object' || value === null) return [];
  const schema = value as Schema;
  const { enum: _values, examples: _examples, ...rest } = schema;
  const inner = Object.entries(rest).flatMap(([key, part]) => shapesIn(part, `${at}/${key}`));
  return isWrittenOut(schema) ? [{ at, schema }, ...inner] : inner;
}

function isWrittenOut({ type, properties, anyOf, enum: values }: Schema): boolean {
  if (typeof properties === 'object') return type === 'object';
  if (Array.isArray(anyOf)) return !isOrNull(anyOf);
  return Array.isArray(values) && values.length > 1 && !isFlag(values);
}

/** Whether it is a reference that may also be null. */
function isOrNull(anyOf: readonly unknown[]): boolean {
  return anyOf.length === 2 && JSON.stringify(anyOf[1]) === '{"type":"null"}';
}

/** Flags of query strings. */
function isFlag(values: readonly unknown[]): boolean {
  return JSON.stringify(values) === '["true","false"]';
}

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
