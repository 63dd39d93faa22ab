/** Replaces shapes that have a name by references, so that no shape stands twice in the OpenAPI document. */
import type { Components } from './components.ts';

/** A schema of JSON Schema as the OpenAPI document has it. */
export interface SchemaObject {
  readonly [keyword: string]: unknown;
}

const PREFIX = '#/components/schemas/';

/** Keywords whose values are schemas by name, lists of schemas, or one schema. */
const MAPS = ['properties'];
const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const SINGLES = ['items', 'additionalProperties'];

/** Keywords that say nothing about which values are valid. */
const NOTES = new Set(['description', 'default', 'examples']);

/** Where a document has the shapes of components until they have their names. */
export const SHAPES = '/shapes/';

/**
 * Gives the shapes of a document their names.
 *
 * @param document - a document that has the shape of each component as the body of a path below {@link SHAPES}
 * @throws TypeError two components have the same shape
 */
export function nameShapes(document: object, named: Components): object {
  const { paths, components, ...rest } = document as GeneratedDocument;
  const shapes: [string, SchemaObject][] = [];
  const operations: [string, unknown][] = [];
  for (const [path, item] of Object.entries(paths)) {
    if (path.startsWith(SHAPES)) shapes.push([path.slice(SHAPES.length), shapeIn(item)]);
    else operations.push([path, item]);
  }
  const table = new ComponentTable();
  table.add(shapes, named);
  for (const [name, schema] of Object.entries(components.schemas)) table.keep(name, schema);
  const changed = Object.fromEntries(operations.map(([path, item]) => [path, referSchemas(item, table)]));
  return {
    ...rest,
    paths: changed,
    components: { ...components, schemas: table.used([changed, { ...components, schemas: {} }]) },
  };
}

interface GeneratedDocument {
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components: { readonly schemas: Readonly<Record<string, SchemaObject>> };
}

/** The schema of the body of a path that stands for a shape. */
function shapeIn(item: unknown): SchemaObject {
  if (!isSchema(item)) return {};
  const { schema } = item;
  if (isSchema(schema)) return schema;
  return shapeIn(item['post'] ?? item['requestBody'] ?? item['content'] ?? item['application/json']);
}

/** Replaces each schema of an operation; what is below `schema` is one, and nothing else is. */
function referSchemas(value: unknown, table: ComponentTable): unknown {
  if (Array.isArray(value)) return value.map((one) => referSchemas(one, table));
  if (!isSchema(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === 'schema' && isSchema(part) ? table.refer(part) : referSchemas(part, table),
    ]),
  );
}

/** Collects the components that a document refers to. */
class ComponentTable {
  readonly #schemas = new Map<string, SchemaObject>();
  readonly #names = new Map<string, string>();
  readonly #examples = new Map<string, unknown>();

  /** Adds components; the smallest first, because a larger one may hold it. */
  add(shapes: readonly (readonly [string, SchemaObject])[], named: Components): void {
    for (const [name, shape] of shapes.toSorted(([, a], [, b]) => sizeOf(a) - sizeOf(b)))
      this.#define(name, this.#within(shape), named[name]?.example);
  }

  /** Adds a component that names itself and has its example, as one that holds itself must. */
  keep(name: string, schema: SchemaObject): void {
    this.#schemas.set(name, this.#within(schema));
    this.#examples.set(name, [schema['examples']].flat()[0]);
  }

  /** The components that a part of the document needs, by name. */
  used(part: unknown): Readonly<Record<string, SchemaObject>> {
    const names = new Set<string>();
    const visit = (value: unknown): void => {
      for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
        if (names.has(name)) continue;
        names.add(name);
        visit(this.#schemas.get(name) ?? {});
      }
    };
    visit(part);
    return Object.fromEntries([...names].sort().map((name) => [name, this.#schemas.get(name) ?? {}]));
  }

  #define(name: string, schema: SchemaObject, example: unknown): void {
    const key = keyOf(schema);
    const other = this.#names.get(key);
    if (other !== undefined) throw new TypeError(`expected shapes that differ, got ${other} and ${name} with the same`);
    this.#names.set(key, name);
    const value = example === undefined ? this.#derive(schema) : example;
    this.#examples.set(name, value);
    this.#schemas.set(name, { ...schema, examples: [value] });
  }

  /** Returns a schema in which each part that has a name is a reference, and which may be one itself. */
  refer(schema: SchemaObject): SchemaObject {
    const inner = this.#within(schema);
    this.#definePage(inner);
    return this.#named(inner) ?? this.#nullable(inner) ?? inner;
  }

  #within(schema: SchemaObject): SchemaObject {
    const changed = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
      if (MAPS.includes(keyword) && isSchema(value))
        return [keyword, mapValues(value, (one) => withoutDefault(this.refer(one)))];
      if (LISTS.includes(keyword) && Array.isArray(value))
        return [keyword, value.map((one: unknown) => (isSchema(one) ? this.refer(one) : one))];
      if (SINGLES.includes(keyword) && isSchema(value)) return [keyword, this.refer(value)];
      return [keyword, value];
    });
    return Object.fromEntries(changed);
  }

  #named(schema: SchemaObject): SchemaObject | undefined {
    const name = this.#names.get(keyOf(schema));
    if (name === undefined) return undefined;
    const notes = Object.entries(schema).filter(([keyword]) => NOTES.has(keyword) && keyword !== 'examples');
    return { $ref: PREFIX + name, ...Object.fromEntries(notes) };
  }

  /** A shape that may also be null is a reference or null. */
  #nullable(schema: SchemaObject): SchemaObject | undefined {
    const { type, enum: values, description, ...rest } = schema;
    if (!Array.isArray(type) || !type.includes('null')) return undefined;
    const types = type.filter((one) => one !== 'null') as readonly unknown[];
    const named = this.#named({
      type: types.length === 1 ? types[0] : types,
      ...(Array.isArray(values) ? { enum: values.filter((value) => value !== null) } : {}),
      ...rest,
    });
    if (named === undefined) return undefined;
    return { anyOf: [named, { type: 'null' }], ...(description === undefined ? {} : { description }) };
  }

  /** A page is named after what is on it. */
  #definePage(schema: SchemaObject): void {
    const { properties } = schema;
    if (!isSchema(properties) || !isSchema(properties['items']) || properties['nextCursor'] === undefined) return;
    const { items } = properties['items'];
    const of = isSchema(items) ? nameOf(items) : undefined;
    if (of !== undefined && !this.#names.has(keyOf(schema))) this.#define(`${of}Page`, schema, undefined);
  }

  /** Derives an example from the examples of the parts. */
  #derive(schema: SchemaObject): unknown {
    const name = nameOf(schema);
    if (name !== undefined) return this.#examples.get(name);
    const { enum: values, anyOf, properties, items, type } = schema;
    if (Array.isArray(values)) return values[0];
    if (Array.isArray(anyOf)) return isSchema(anyOf[0]) ? this.#derive(anyOf[0]) : null;
    if (isSchema(properties)) return mapValues(properties, (one) => this.#derive(one));
    if (isSchema(items)) return [this.#derive(items)];
    return [type].flat().includes('null') ? null : type === 'integer' ? 1 : {};
  }
}

/** Tells a default in words: clients would otherwise have to send each field that has one. */
function withoutDefault({ default: usual, ...schema }: SchemaObject): SchemaObject {
  if (usual === undefined) return schema;
  const { description } = schema;
  const told = `default ${JSON.stringify(usual)}`;
  return { ...schema, description: typeof description === 'string' ? `${description}; ${told}` : told };
}

function isSchema(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapValues(schemas: SchemaObject, change: (schema: SchemaObject) => unknown): SchemaObject {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, isSchema(schema) ? change(schema) : schema]),
  );
}

function nameOf({ $ref: reference }: SchemaObject): string | undefined {
  return typeof reference === 'string' && reference.startsWith(PREFIX) ? reference.slice(PREFIX.length) : undefined;
}

function sizeOf(schema: SchemaObject): number {
  return JSON.stringify(schema).length;
}

/** The same text for schemas that let the same values through; notes at its top do not count. */
function keyOf(schema: SchemaObject): string {
  const counted = Object.entries(schema).filter(([keyword]) => !NOTES.has(keyword));
  return JSON.stringify(sorted(Object.fromEntries(counted)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isSchema(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, part]) => [name, sorted(part)]),
  );
}
