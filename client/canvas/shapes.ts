/** The shapes of JSON that schemas describe, as far as two of them can be told not to fit together. */
import { z } from 'zod';

/** Kinds of JSON values. */
export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** What is known of a value. `undefined` in place of a shape: nothing is known. */
export interface Shape {
  readonly kinds: ReadonlySet<Kind>;
  /** Of the entries of a list, where all are alike. */
  readonly items?: Shape | undefined;
  /** Of each entry of a list whose entries are known one by one. */
  readonly entries?: readonly (Shape | undefined)[];
  readonly fields?: ReadonlyMap<string, Shape | undefined>;
}

/** The part of JSON Schema that is read. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema | boolean;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  null: 'null',
  boolean: 'boolean',
  number: 'number',
  integer: 'number',
  string: 'string',
  array: 'array',
  object: 'object',
};

/** Returns the shape of what a schema takes, or of what it gives. */
export function shapeOfSchema(schema: z.ZodType, side: 'input' | 'output'): Shape | undefined {
  // `as` is safe: it is JSON Schema, of which only these fields are read.
  return shapeOf(z.toJSONSchema(schema, { unrepresentable: 'any', io: side, reused: 'inline' }) as JsonSchema);
}

function shapeOf(schema: JsonSchema): Shape | undefined {
  if (schema.anyOf !== undefined) return either(schema.anyOf.map(shapeOf));
  const kinds = kindsOf(schema);
  if (kinds === undefined) return undefined;
  const { items, properties } = schema;
  return {
    kinds,
    ...(typeof items === 'object' ? { items: shapeOf(items) } : {}),
    ...(properties === undefined
      ? {}
      : { fields: new Map(Object.entries(properties).map(([name, field]) => [name, shapeOf(field)])) }),
  };
}

function kindsOf({ type, const: only, enum: some }: JsonSchema): ReadonlySet<Kind> | undefined {
  if (type !== undefined) {
    const kinds = [type].flat().map((name) => KINDS[name]);
    return new Set(kinds.filter((kind) => kind !== undefined));
  }
  if (only !== undefined) return new Set([kindOfValue(only)]);
  return some === undefined ? undefined : new Set(some.map(kindOfValue));
}

function kindOfValue(value: unknown): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return KINDS[typeof value] ?? 'object';
}

/** What is known of a value that has one of several shapes: its kind, and the rest where only one of them is a list or object. */
function either(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  const known = shapes.filter((shape) => shape !== undefined);
  if (known.length < shapes.length) return undefined;
  const nested = known.filter(({ kinds }) => kinds.has('array') || kinds.has('object'));
  const [only] = nested;
  return {
    ...(only !== undefined && nested.length === 1 ? only : {}),
    kinds: new Set(known.flatMap(({ kinds }) => [...kinds])),
  };
}

/** Says why a value of one shape never fits another: what was expected and what came, by the path in the value. */
export function misfit(given: Shape | undefined, taken: Shape | undefined, path = ''): Misfit | undefined {
  if (given === undefined || taken === undefined) return undefined;
  const common = [...given.kinds].filter((kind) => taken.kinds.has(kind));
  if (common.length === 0) return { path, expected: words(taken), got: words(given) };
  if (common.length > 1) return undefined;
  return common[0] === 'array' ? listMisfit(given, taken, path) : fieldMisfit(given, taken, path);
}

/** Why a value does not fit. */
export interface Misfit {
  /** Where in the value, for example `[2].words`; empty for the value itself. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

function listMisfit(given: Shape, { items }: Shape, path: string): Misfit | undefined {
  for (const [index, entry] of (given.entries ?? []).entries()) {
    const found = misfit(entry, items, `${path}[${String(index)}]`);
    if (found !== undefined) return found;
  }
  return misfit(given.items, items, `${path}[…]`);
}

function fieldMisfit(given: Shape, taken: Shape, path: string): Misfit | undefined {
  for (const [name, field] of given.fields ?? []) {
    const found = misfit(field, taken.fields?.get(name), path === '' ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function words({ kinds }: Shape): string {
  return [...kinds].sort().join(' or ');
}
