/** What is thrown and is no error, or would harm whoever reads it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailureType, PerennialError } from '../../../contracts/failures.ts';
import { classify } from '../../../contracts/failures/foreign/classify.ts';

const NOW = Date.parse('Sat, 14 Mar 2026 10:00:00 GMT');
const of = (fields: object) => classify(Object.assign(new Error('it failed'), fields), NOW);

describe('errors that are none', () => {
  const cycle = new Error('one');
  cycle.cause = Object.assign(new Error('two'), { cause: cycle });
  const thrower: unknown = new Proxy(new Error('x'), {
    get: () => {
      throw new TypeError('no');
    },
    getPrototypeOf: () => {
      throw new TypeError('no');
    },
  });
  const getter = Object.defineProperty(new Error('x'), 'message', {
    get: () => {
      throw new TypeError('no');
    },
  });

  it.each<[string, unknown, RegExp]>([
    ['a text', 'text', /^text$/],
    ['null', null, /^expected an error, got null$/],
    ['undefined', undefined, /got a value of the type undefined/],
    ['a number', 42, /got a value of the type number/],
    ['a function', () => 1, /got a value of the type function/],
    ['a circle of causes', cycle, /^Error: one$/],
    ['a proxy that throws', thrower, /got a value of the type object/],
    ['a getter that throws', getter, /^Error: $/],
    ['an object without a prototype', Object.create(null), /got a value of the type object/],
    ['a message that is none', Object.assign(new Error(), { message: { a: 1 } }), /^Error: $/],
    ['a name that is none', Object.assign(new Error('x'), { name: 7n }), /^Error: x$/],
  ])('%s', (_, thrown, message) => {
    expect(classify(thrown, NOW)).toMatchObject({
      type: 'Unexpected',
      message: expect.stringMatching(message) as string,
    });
  });

  it('a message of 10 MB is cut, quickly, and a name too', () => {
    const huge = 'word '.repeat(2_000_000);
    const began = performance.now();
    const { message } = classify(Object.assign(new Error(huge), { name: huge }), NOW);
    expect(message.length).toBeLessThan(2_300);
    expect(message).toContain('(10000000 characters)');
    expect(classify(new PerennialError('CorruptDocument', huge), NOW).message.length).toBeLessThan(10_100);
    expect(classify(new Error('x'.repeat(10_000_000)), NOW).message.length).toBeLessThan(2_300);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('SEC-2 messages of others show no address, no credential and no token', () => {
    const told =
      'login of ann@example.com at postgres://ann:hunter2@db failed: token=abc123 https://x.example/a?sig=s3cret';
    const { message } = classify(new Error(told), NOW);
    for (const secret of ['ann@', 'hunter2', 'abc123', 's3cret']) expect(message).not.toContain(secret);
    expect(message).toContain('failed:');
  });

  it('whatever is thrown is one of the registry, and nothing is thrown back', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true }), (thrown) => {
        const { type, message } = classify(thrown, NOW);
        return isFailureType(type) && typeof message === 'string' && message.length < 3_000;
      }),
      { numRuns: 2_000 },
    );
    const field = fc.constantFrom(
      'code',
      'type',
      'status',
      'responseCode',
      'headers',
      'cause',
      'name',
      'response',
      'errors',
      'url',
    );
    fc.assert(
      fc.property(fc.dictionary(field, fc.anything()), (fields) => isFailureType(of(fields).type)),
      { numRuns: 2_000 },
    );
  });
});
