import { expect, test } from 'vitest';
import { perhaps, similar } from '../../../client/connection/similar.ts';

const known = ['samples.add', 'samples.echo', 'email.send', 'documents.readDocument'];

test.each([
  ['sample.ad', ['samples.add']],
  ['SAMPLES.ADD', ['samples.add', 'samples.echo']],
  ['mail.send', ['email.send']],
  ['notifications.outgoing.send', ['email.send']],
  ['completelyElse', []],
  ['', []],
  ['email.send', []],
])('%s may mean %j', (name, expected) => {
  expect(similar(name, known)).toEqual(expected);
});

test('the hint reads as a part of a sentence', () => {
  expect(perhaps('sample.ad', known)).toBe(' (perhaps samples.add)');
  expect(perhaps('zzz', known)).toBe('');
});
