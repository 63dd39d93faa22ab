/** Large JSON is read in pieces, and means what it means to `JSON.parse`. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonInTurns } from '../../../contracts/values/json/pieces.ts';
import { readJson } from '../../../contracts/values/json/reading.ts';
import { atOnce } from '../../../contracts/values/turns.ts';

const inPieces = (text: string | Buffer, pieceBytes: number): unknown =>
  atOnce(readJsonInTurns(Buffer.from(text), 'body', undefined, pieceBytes));
/** Values and the order of fields. */
const shown = (read: unknown): string => JSON.stringify(read);

const isJson = (read: unknown): boolean => !shown(read).includes('text that is not');

const plain = ['1', '-0.5e3', 'true', 'null', '""', '"\\ud83d\\ude00"', '"]"', '"\\""'];
const refused = ['"\\ud83d"', '12345678901234567890'];
/** Names that mean something to JavaScript, and such that are moved to the front. */
const odd = ['__proto__', 'constructor', '2', '1'];

/** JSON text with white space; with names that stand twice, or with values that are refused wherever they stand. */
function textOf(scalars: readonly string[], names: readonly string[], { isUnique }: { readonly isUnique: boolean }) {
  const blank = fc.constantFrom('', '', ' ', '\n\t', '\r');
  const spaced = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.tuple(blank, inner, blank).map((parts) => parts.join(''));
  return fc.letrec<{ text: string }>((tie) => {
    const scalar = fc.oneof(
      fc.constantFrom(...scalars),
      fc.string({ maxLength: 5 }).map((text) => JSON.stringify(text)),
    );
    const list = fc.array(tie('text'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`);
    const field = fc.tuple(fc.constantFrom(...names), blank, tie('text'));
    const fields = isUnique
      ? fc.uniqueArray(field, { maxLength: 4, selector: ([name]) => name })
      : fc.array(field, { maxLength: 4 });
    const object = fields.map(
      (all) => `{${all.map(([name, ...rest]) => `${JSON.stringify(name)}:${rest.join('')}`).join(',')}}`,
    );
    return { text: spaced(fc.oneof({ maxDepth: 4 }, scalar, list, object)) };
  }).text;
}
const names = ['a', 'b', 'ü', ',', '}', '{"', ':', ''];
const loose = textOf(plain, [...names, ...odd], { isUnique: false });
const strict = textOf([...plain, ...refused], names, { isUnique: true });
const anyText = fc.oneof(loose, strict);

describe('JSON in pieces', () => {
  it('is the same value, or refused for the same reason, however long a piece is', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 60 }), (text, pieceBytes) => {
        expect(shown(inPieces(text, pieceBytes))).toBe(shown(readJson(Buffer.from(text), 'body')));
      }),
      { numRuns: 1_500 },
    );
  });

  it('that a byte was taken from, added to or changed in is JSON where it is JSON to `JSON.parse`', () => {
    const change = fc.tuple(
      fc.nat(),
      fc.constantFrom('', ',', ':', '[', ']', '{', '}', '"', ' ', '1', '\\', '\uFEFF'),
      fc.nat(1),
    );
    fc.assert(
      fc.property(loose, change, fc.integer({ min: 1, max: 40 }), (text, [where, put, taken], pieceBytes) => {
        const at = where % (text.length + 1);
        const other = Buffer.from(text.slice(0, at) + put + text.slice(at + taken));
        expect(isJson(inPieces(other, pieceBytes))).toBe(isJson(readJson(other, 'body')));
      }),
      { numRuns: 1_500 },
    );
  });

  it.each([
    ['[[1,2],[3,4],[5,6]]x', 'text that is not'],
    ['[[1,2],[3,4],[5,6]][1]', 'text that is not'],
    ['x[[1,2],[3,4],[5,6]]', 'text that is not'],
    ['[[1,2],,[3,4],[5,6]]', 'text that is not'],
    ['[[1,2],[3,4] [5,6]]', 'text that is not'],
    ['[[1,2],[3,4},[5,6]]', 'text that is not'],
    ['{"a":[1,2],7:[3,4],"c":[5,6]}', 'text that is not'],
    ['{"a":[1,2],"b":[3,4]"c":[5,6]}', 'text that is not'],
    ['[[1,2],[3,4],[5,"6]]', 'text that is not'],
  ])('%s is refused', (text, got) => {
    for (let pieceBytes = 1; pieceBytes < text.length; pieceBytes += 1)
      expect(inPieces(text, pieceBytes)).toEqual({ fault: { field: 'body', expected: 'JSON', got } });
  });

  it('says where bytes are no UTF-8, and where an integer is too large, far inside', () => {
    const list = Array.from({ length: 100_000 }, (_, index) => ({ id: index, name: 'ü'.repeat(index % 7) }));
    const text = Buffer.from(JSON.stringify({ list, end: { more: [1, 12_345_678_901_234_567_890n.toString()] } }));
    const large = Buffer.from(text.toString().replace('"12345678901234567890"', '12345678901234567890'));
    expect(inPieces(large, 30_000)).toMatchObject({ fault: { field: 'body.end.more[1]' } });
    const bad = Buffer.concat([text.subarray(0, 2_000_000), Buffer.from([0xff]), text.subarray(2_000_000)]);
    expect(inPieces(bad, 30_000)).toEqual(readJson(bad, 'body'));
    expect(shown(inPieces(bad, 30_000))).toContain('bytes that are not UTF-8');
  });
});
