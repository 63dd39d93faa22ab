import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, isSame } from '../../../client/connection/fingerprint.ts';
import { marked } from '../../../contracts/values/sealed.ts';
import { createKeyRing, type KeyRing } from '../../../payloads/key-ring.ts';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [OLD, NEW] = [key('old'), key('new')];
const ring = (keys: string): { sealKeys: KeyRing } => ({ sealKeys: createKeyRing(keys, 'sealKeys') });
const none = { sealKeys: undefined };

const mail = { to: 'ann@example.com', body: 'Hello' };
const plain = { a: 1, b: [2], c: 'text' };

describe('SEC-5 fingerprints', () => {
  it('of contents with sealed values cannot be made without the key', () => {
    expect(fingerprintOf(ring(NEW), mail).text).toMatch(/^[0-9a-f]{32}$/);
    expect(fingerprintOf(ring(NEW), mail).text).toBe(fingerprintOf(ring(NEW), { body: 'Hello', to: mail.to }).text);
    expect(fingerprintOf(ring(NEW), mail).text).not.toBe(fingerprintOf(none, mail).text);
    expect(fingerprintOf(ring(NEW), mail).text).not.toBe(fingerprintOf(ring(OLD), mail).text);
    expect(fingerprintOf(ring(NEW), [marked(7)]).text).not.toBe(fingerprintOf(none, [marked(7)]).text);
    expect(fingerprintOf(ring(NEW), { token: 7 }).text).not.toBe(fingerprintOf(none, { token: 7 }).text);
  });

  it('of other contents need none, so that clients with and without keys agree', () => {
    expect(fingerprintOf(ring(NEW), plain)).toEqual(fingerprintOf(none, plain));
  });

  it('of before a rotation are known after it, and in the middle of it', () => {
    const before = fingerprintOf(ring(OLD), mail).text;
    for (const keys of [`${NEW},${OLD}`, `${OLD},${NEW}`])
      expect(isSame(fingerprintOf(ring(keys), mail), before)).toBe(true);
    expect(isSame(fingerprintOf(ring(`${NEW},${OLD}`), { ...mail, body: 'other' }), before)).toBe(false);
    expect(isSame(fingerprintOf(ring(NEW), mail), before)).toBe(false);
    expect(isSame(fingerprintOf(ring(NEW), mail), undefined)).toBe(false);
  });
});
