/** What people read when an input is wrong: every schema of the product, with wrong values everywhere. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRoutes } from '../../../api/routes.ts';
import { taskSchemas } from '../../../contracts/catalogue.schema.ts';
import { type FieldFault, faultText, fieldFaults } from '../../../contracts/values/field-faults.ts';
import { workflowArguments } from '../../../contracts/catalogue.schema.ts';

const WRONG: readonly unknown[] = [
  ...[undefined, null, true, '', 'x', ' ', '2026-13-45', -1, 0, 1.5, 1e20, [], {}],
  ...[[null], [''], { x: 1 }, { every: 'x' }, { every: { seconds: -1 } }, 'x'.repeat(5_000)],
];

const schemas: readonly (readonly [string, z.ZodType])[] = [
  ...Object.entries<{ readonly input: z.ZodType }>(taskSchemas).map(([name, { input }]) => [name, input] as const),
  ...Object.entries(workflowArguments),
  ...createRoutes('0').flatMap(({ method, path, params, query, body }) =>
    Object.entries({ params, query, body }).flatMap(([part, schema]) =>
      schema === undefined ? [] : [[`${method} ${path} ${part}`, schema] as const],
    ),
  ),
];

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly anyOf?: readonly Shape[];
  readonly prefixItems?: readonly Shape[];
  readonly items?: Shape;
}

/** Inputs with a wrong value in one place: instead of the whole, and in each field down to the third level. */
function* wrongInputs(shape: Shape, depth = 0): Generator {
  yield* WRONG;
  if (depth === 3) return;
  for (const form of shape.anyOf ?? []) yield* wrongInputs(form, depth + 1);
  for (const [inner, around] of insides(shape)) for (const value of wrongInputs(inner, depth + 1)) yield around(value);
}

/** What a shape holds, and how a value of it is put into one of the shape. */
function* insides(shape: Shape): Generator<readonly [Shape, (value: unknown) => unknown]> {
  for (const [name, field] of Object.entries(shape.properties ?? {})) yield [field, (value) => ({ [name]: value })];
  for (const [index, item] of (shape.prefixItems ?? []).entries())
    yield [item, (value) => [...Array.from({ length: index }, () => null), value]];
  if (shape.items !== undefined) yield [shape.items, (value) => [value]];
}

/** Words that tell of the library and not of the input. */
const JARGON = /invalid|nonoptional|undefined|expected .*expected|ZodError|\[object/i;

function complaint({ field, expected, got }: FieldFault): string | undefined {
  const text = faultText({ field, expected, got });
  if (expected.trim() === '' || got.trim() === '') return `says nothing: ${text}`;
  if (!expected.startsWith('one of ') && JARGON.test(expected)) return `speaks of the library: ${text}`;
  const limit = /^at (least|most) (-?[\d.]+)$/.exec(expected);
  const value = Number(got);
  if (limit === null || Number.isNaN(value)) return undefined;
  const holds = limit[1] === 'least' ? value >= Number(limit[2]) : value <= Number(limit[2]);
  return holds ? `contradicts itself: ${text}` : undefined;
}

describe('what a refused input is told', () => {
  it('looks at every schema', () => {
    expect(schemas.length).toBeGreaterThan(120);
  });

  it.each(schemas)('%s: names field, expected and got in plain words', (_name, schema) => {
    const shape = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Shape;
    const complaints = new Set<string>();
    let refused = 0;
    for (const input of wrongInputs(shape)) {
      const { error } = schema.safeParse(input);
      if (error === undefined) continue;
      refused += 1;
      for (const fault of fieldFaults(error.issues, input)) {
        const found = complaint(fault);
        if (found !== undefined) complaints.add(found);
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect([...complaints]).toEqual([]);
  });
});

describe('fieldFaults', () => {
  const faults = (schema: z.ZodType, input: unknown): readonly string[] =>
    fieldFaults(schema.safeParse(input).error?.issues ?? [], input).map(faultText);

  it('says of an open limit that it is open', () => {
    expect(faults(z.object({ n: z.number().positive() }), { n: 0 })).toEqual(['n: expected more than 0, got 0']);
    expect(faults(z.object({ n: z.number().lt(5) }), { n: 5 })).toEqual(['n: expected less than 5, got 5']);
  });

  it('tells of a union what is wrong inside the form that is meant', () => {
    const timing = z.union([
      z.strictObject({ cron: z.string() }),
      z.strictObject({ every: z.strictObject({ seconds: z.number().min(1) }) }),
    ]);
    expect(faults(timing, { every: { seconds: 0 } })).toEqual(['every.seconds: expected at least 1, got 0']);
  });

  it('names every superfluous field', () => {
    expect(faults(z.strictObject({}), { a: 1, b: 2 })).toEqual([
      'a: expected no such field, got 1',
      'b: expected no such field, got 2',
    ]);
  });

  it('describes a hundred faults, and says how many there are besides', () => {
    const wrong = Array.from({ length: 103 }, () => 'x');
    const faults = fieldFaults(z.array(z.number()).safeParse(wrong).error?.issues ?? [], wrong, { at: 'data' });
    expect(faults).toHaveLength(101);
    expect(faults.at(-2)).toMatchObject({ field: 'data[99]' });
    expect(faults.at(-1)).toEqual({ field: 'data', expected: 'no further faults', got: '3 more' });
  });

  it('hides values where others read', () => {
    const schema = z.object({ to: z.email(), n: z.number().max(1) });
    const input = { to: 'ada@example', n: 12345 };
    const told = fieldFaults(schema.safeParse(input).error!.issues, input, { hideValues: true }).map(faultText);
    expect(told).toEqual([
      'to: expected an e-mail address, got a string of 11 characters',
      'n: expected at most 1, got a number',
    ]);
  });
});
