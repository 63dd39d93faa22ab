import { expect, test } from 'vitest';
import { patternsOf, patternsOfProduct, problemOf, problemsOf } from '../../scripts/check/regular-expressions.ts';

const at = (source: string, flags = ''): Parameters<typeof problemOf>[0] => ({ source, flags, place: 'a.ts:1' });

test('the gate of patterns looks at those of the product, each with its place', () => {
  expect(patternsOfProduct().length).toBeGreaterThan(200);
  expect(patternsOf('x.ts', 'const a = 1;\nexport const b = /a\\/+$/gi;')).toEqual([
    { source: 'a\\/+$', flags: 'gi', place: 'x.ts:2' },
  ]);
});

test.each([
  ['a time with the square of the text', at('\\s+$')],
  ['a time with the square of the text, under a flag', at('[ab]+:', 'gi')],
  ['a time that doubles with each character', at('^(a+)+$')],
])('the gate of patterns catches %s', async (_name, pattern) => {
  expect(await problemOf(pattern)).toMatch(/^a\.ts:1: .+ takes \d+ ms for 20000 characters such as /);
});

test('the gate of patterns lets pass what is in proportion', async () => {
  expect(await problemsOf([at('^[a-z]+$'), at('<[^<>]{0,80}>', 'g')])).toEqual([]);
});
