/** The bounds of JSON text are counted as a parser would count them, however the text is cut into pieces. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScan, type JsonBounds } from '../../../contracts/values/json/text.ts';

const NONE: JsonBounds = { bytes: Infinity, depth: Infinity, values: Infinity, fields: Infinity };

interface Counts {
  readonly depth: number;
  readonly values: number;
  readonly fields: number;
}

function countsOf(value: unknown): Counts {
  if (typeof value !== 'object' || value === null) return { depth: 0, values: 1, fields: 0 };
  const entries = Object.values(value).map(countsOf);
  return {
    depth: 1 + Math.max(0, ...entries.map(({ depth }) => depth)),
    values: entries.reduce((sum, { values }) => sum + values, 1),
    fields: entries.reduce((sum, { fields }) => sum + fields, Array.isArray(value) ? 0 : entries.length),
  };
}

/** Whether a text in pieces of so many bytes is within bounds. */
function holds(text: string, bounds: Partial<JsonBounds>, pieceBytes: number): boolean {
  const bytes = Buffer.from(text);
  const scan = new JsonScan({ ...NONE, ...bounds });
  for (let at = 0; at < bytes.length; at += pieceBytes)
    if (scan.write(bytes.subarray(at, at + pieceBytes)) !== undefined) return false;
  return true;
}

/** Texts that are full of what has a meaning outside of texts. */
const text = fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', 'a', 'é', '\n') });
const json = fc.jsonValue({ maxDepth: 5 }).chain((value) => fc.record({ value: fc.constant(value), text }));

describe('JsonScan', () => {
  it('counts depth, values and fields exactly, with any white space and any pieces', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2), fc.integer({ min: 1, max: 7 }), (sample, space, pieceBytes) => {
        const written = JSON.stringify([sample.text, sample.value, { [sample.text]: sample.text }], null, space);
        const counts = countsOf(JSON.parse(written));
        for (const bound of ['depth', 'values', 'fields'] as const) {
          expect([bound, holds(written, { [bound]: counts[bound] }, pieceBytes)]).toEqual([bound, true]);
          expect([bound, holds(written, { [bound]: counts[bound] - 1 }, pieceBytes)]).toEqual([bound, false]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('counts bytes, and says what was expected', () => {
    expect(holds('[1]', { bytes: 3 }, 2)).toBe(true);
    expect(holds('[1]', { bytes: 2 }, 2)).toBe(false);
    expect(new JsonScan({ ...NONE, depth: 1 }).write(Buffer.from('[['))).toEqual({
      expected: 'at most 1 lists and objects inside each other',
      got: 'more',
    });
  });
});
