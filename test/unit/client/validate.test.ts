import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidInput, validate } from '../../../client/index.ts';
import { batchOcrInputSchema } from '../../../contracts/documents/schema.ts';

function fieldsOf(run: () => unknown): InvalidInput['fields'] {
  try {
    run();
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields;
    throw error;
  }
  throw new Error('expected InvalidInput, nothing was thrown');
}

describe('validate', () => {
  test('gives the value as the schema describes it', () => {
    expect(validate(z.object({ n: z.coerce.number() }), { n: '7', extra: 1 })).toEqual({ n: 7 });
  });

  test.each([
    [{ documentIds: ['a', 2] }, { field: 'documentIds[1]', expected: 'string', got: '2' }],
    [
      { paths: ['a'], backend: 'x' },
      { field: 'backend', expected: 'one of "tesseract", "deepseek"', got: '"x"' },
    ],
    [
      { paths: ['a'], window: 0 },
      { field: 'window', expected: 'at least 1', got: '0' },
    ],
    [
      { paths: ['a'], colour: true },
      { field: 'colour', expected: 'no such field', got: 'true' },
    ],
    [{ paths: [''] }, { field: 'paths[0]', expected: 'at least 1 character', got: '""' }],
    [{ paths: 'a' }, { field: 'paths', expected: 'array', got: '"a"' }],
    [{ paths: [null] }, { field: 'paths[0]', expected: 'string', got: 'null' }],
    [{ paths: [new Date(0)] }, { field: 'paths[0]', expected: 'string', got: 'an empty object' }],
    [{ paths: [10n] }, { field: 'paths[0]', expected: 'string', got: '10' }],
    [{ paths: [() => 1] }, { field: 'paths[0]', expected: 'string', got: 'a function' }],
  ])('names field, expectation and what came: %o', (input, wanted) => {
    expect(fieldsOf(() => validate(batchOcrInputSchema, input))).toContainEqual(wanted);
  });

  test('never repeats long values: they may be contents of documents', () => {
    const [error] = fieldsOf(() => validate(z.object({ n: z.number() }), { n: 'secret '.repeat(100) }));
    expect(error?.got).toBe('a string of 700 characters');
  });

  test('puts the name of the input before the fields', () => {
    expect(fieldsOf(() => validate(z.object({ n: z.number() }), {}, 'options'))[0]?.field).toBe('options.n');
  });

  test('says all of it in the message', () => {
    expect(() => validate(batchOcrInputSchema, { paths: [1], window: 'x' })).toThrow(
      'paths[0]: expected string, got 1; window: expected number, got "x"',
    );
  });
});
