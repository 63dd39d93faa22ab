/** JSON is written in turns as `JSON.stringify` writes it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeJsonInTurns } from '../../../contracts/values/json/writing.ts';
import { marked } from '../../../contracts/values/sealed.ts';
import { atOnce } from '../../../contracts/values/turns.ts';

const written = (value: unknown, change?: (value: unknown, field: string) => unknown): string =>
  Buffer.from(atOnce(writeJsonInTurns(value, undefined, change))).toString();

describe('JSON written in turns', () => {
  it('is the text of JSON.stringify', () => {
    const value = fc.anything({ withDate: true, withNullPrototype: true, withSparseArray: true });
    fc.assert(
      fc.property(value, (given) => {
        fc.pre(given !== undefined); // which is no JSON at the top
        expect(written(given)).toBe(JSON.stringify(given));
      }),
      { numRuns: 2_000 },
    );
    const long = Array.from({ length: 20_000 }, (_, index) => ({ index, text: 'ü😀'.repeat(index % 5) }));
    expect(written(long)).toBe(JSON.stringify(long));
    expect(written({ a: undefined, b: () => 1, c: [undefined, Symbol('x')], d: marked(1) })).toBe(
      '{"c":[null,null],"d":{"$sealed":1}}',
    );
  });

  it('has texts, numbers, names and marked values changed on the way, each under the nearest name', () => {
    const seen: string[] = [];
    const change = (value: unknown, field: string): unknown => {
      seen.push(`${field}:${JSON.stringify(value)}`);
      return value === 'x' ? { any: 'y' } : value;
    };
    expect(written({ a: ['x', 1, [2]], b: { c: true, d: null, m: marked(['x']) } }, change)).toBe(
      '{"a":[{"any":"y"},1,[2]],"b":{"c":true,"d":null,"m":{"$sealed":["x"]}}}',
    );
    expect(seen).toEqual(expect.arrayContaining([':"a"', 'a:"x"', 'a:1', 'a:2', ':"b"', '$sealed:["x"]']) as string[]);
  });
});
