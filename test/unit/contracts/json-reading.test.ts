/** JSON is read without losing anything, or refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedFault, readJson } from '../../../contracts/values/json/reading.ts';

const read = (text: string | Buffer): unknown => readJson(Buffer.from(text), 'body');
const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

const integer = 'an integer within ±(2^53 − 1); pass larger ones as text';
const surrogate = ['text without lone surrogates', 'half of a pair of code units'];

describe('reading JSON', () => {
  it('gives back every value that JavaScript can hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const parsed = JSON.parse(text) as unknown;
        if (changedFault(parsed, 'body') === undefined) expect(read(text)).toEqual({ value: parsed });
      }),
    );
    expect(read('{"a":[9007199254740991,-9007199254740991,0.1,1e3,"\\ud83d\\ude00","1234567890123456789"]}')).toEqual({
      value: { a: [9007199254740991, -9007199254740991, 0.1, 1000, '😀', '1234567890123456789'] },
    });
  });

  it.each([
    ['9007199254740992', 'body', integer, 'a larger one'],
    ['9007199254740993', 'body', integer, 'a larger one'],
    ['{"a":[1,{"b":-12345678901234567890}]}', 'body.a[1].b', integer, 'a larger one'],
    ['["\\ud83d"]', 'body[0]', ...surrogate],
    ['{"a":"x\\uDE00y"}', 'body.a', ...surrogate],
    ['{"a":{"\\ud83d":1}}', 'body.a', ...surrogate],
  ])('%s is refused with its path', (text, field, expected, got) => {
    expect(read(text)).toEqual({ fault: { field, expected, got } });
  });

  it.each([
    [bytes('{"a":"', [0xff], '"}'), 6],
    [bytes([0xfe, 0xff], '"a"'), 0],
    [bytes('"', [0xc3, 0x28], '"'), 2],
    [bytes('"ü', [0xed, 0xa0, 0x80], '"'), 4],
    [bytes('x'.repeat(100_000), [0x80], 'x'.repeat(1000)), 100_000],
  ])('bytes that are not UTF-8 are refused with their position (%#)', (text, at) => {
    const got = `bytes that are not UTF-8, from byte ${String(at)} on`;
    expect(read(text)).toEqual({ fault: { field: 'body', expected: 'JSON', got } });
  });

  it('a text that is not JSON is quoted only where it may be', () => {
    expect(read('{"secret')).toEqual({ fault: { field: 'body', expected: 'JSON', got: 'text that is not' } });
    const quoted = readJson(Buffer.from('secret'), '--input', { quotes: true });
    expect(JSON.stringify(quoted)).toContain('secret');
  });
});
