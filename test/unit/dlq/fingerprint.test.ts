/** Which failures have one cause. */
import { describe, expect, it } from 'vitest';
import { fingerprintOf, hashOfInput, normalised } from '../../../services/dlq/fingerprint.ts';

const failing = {
  errorType: 'FileMissing',
  errorMessage: "The file '/data/4711.pdf' of document 0b6a1f8e-6a4e-4f0a-9b57-0f5c3a2d1e00 is gone.",
  taskName: 'documents.readDocument',
  stepPath: 'root/3/header/17',
  version: 'build-8f2',
};

describe('the fingerprint of a failure', () => {
  it.each([
    [
      'a file and an id in the message',
      { errorMessage: failing.errorMessage.replace('4711', 'x').replace('0b6a', 'ffff') },
    ],
    ['the position of a member in its group', { stepPath: 'root/3/header/9999' }],
  ])('does not depend on %s', (_what, other) => {
    expect(fingerprintOf({ ...failing, ...other })).toBe(fingerprintOf(failing));
  });

  it.each([
    ['the kind of failure', { errorType: 'BlobCorrupt' }],
    ['what the message says', { errorMessage: 'The file is empty.' }],
    ['the task', { taskName: 'documents.extractInvoice' }],
    ['the step', { stepPath: 'root/3/body' }],
    ['the version', { version: 'build-8f3' }],
  ])('depends on %s', (_what, other) => {
    expect(fingerprintOf({ ...failing, ...other })).not.toBe(fingerprintOf(failing));
  });

  it('has twelve hexadecimal digits', () => {
    expect(fingerprintOf(failing)).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe('a normalised message', () => {
  it.each([
    ['connect ECONNREFUSED 10.0.0.7:5432', 'connect ECONNREFUSED #:#'],
    ["expected 'a', got 'b'", 'expected …, got …'],
    ['GET https://example.com/a?b=1 answered 503', 'GET /… answered #'],
    ['commit 8f2c1ab of run 12', 'commit # of run #'],
    ['decoded the facade', 'decoded the facade'],
  ])('%s becomes %s', (message, expected) => {
    expect(normalised(message)).toBe(expected);
  });

  it('takes a message of 10 MB in no time, quotes that never end included', () => {
    const startedAt = performance.now();
    for (const letter of ['a', "'", '/', '1', '1a']) normalised(letter.repeat(10_000_000 / letter.length));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('the checksum of an input', () => {
  it('tells inputs and tasks apart', () => {
    const hashes = [hashOfInput('a', { n: 1 }), hashOfInput('a', { n: 2 }), hashOfInput('b', { n: 1 })];
    expect(new Set(hashes).size).toBe(3);
    expect(hashOfInput('a', { n: 1 })).toBe(hashes[0]);
  });
});
