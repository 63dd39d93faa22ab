import { createHash, randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { marked, readSealed } from '../../../contracts/values/sealed.ts';
import { encryptionCodec } from '../../../payloads/encryption.ts';
import { createKeyRing } from '../../../payloads/key-ring.ts';
import { sealingCodec, type Side } from '../../../payloads/sealing.ts';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [OLD, NEW, OTHER] = [key('old'), key('new'), key('other')];
const codec = (keys: string | undefined, side: Side = 'client'): PayloadCodec =>
  sealingCodec(keys === undefined ? undefined : createKeyRing(keys, 'sealKeys'), side);

async function encode(by: PayloadCodec, value: unknown): Promise<Payload> {
  const [payload] = await by.encode([defaultPayloadConverter.toPayload(value)]);
  return payload ?? {};
}

async function decode(by: PayloadCodec, payload: Payload): Promise<unknown> {
  const [plain] = await by.decode([payload]);
  return defaultPayloadConverter.fromPayload(plain ?? {});
}

const textOf = (payload: Payload): string => Buffer.from(payload.data ?? []).toString();
const jsonOf = (payload: Payload): Record<string, unknown> => JSON.parse(textOf(payload)) as Record<string, unknown>;
/** As if somebody had written it on the server. */
const written = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);

describe('sealed values', () => {
  it('hide marked values whole, whatever they are, and keep the mark', async () => {
    for (const value of ['tok-1', 482_913, null, ['tok-1', { a: 1 }], { code: 'tok-1', deep: marked('tok-2') }]) {
      const payload = await encode(codec(NEW), { args: [1, marked(value)], kwargs: {} });
      expect(textOf(payload)).toMatch(/^{"args":\[1,{"\$sealed":"sealed:new:[\w-]+"}\],"kwargs":{}}$/);
      await expect(decode(codec(NEW), payload)).resolves.toEqual({ args: [1, marked(value)], kwargs: {} });
      expect(await decode(codec(OTHER, 'worker'), payload)).toEqual(jsonOf(payload));
    }
    expect(textOf(await encode(codec(NEW), { $sealed: 1, other: 2 }))).toContain('"other":2');
  });

  it('hide tokens, messages and addresses wherever they stand, and nothing else', async () => {
    const input = {
      documentId: 'doc-1',
      userId: 'user-7',
      to: 'ann@example.com',
      note: 'ask Ann <ann@example.com> first',
      'ann@example.com': 1,
      token: 'tok-1',
      verification_token: 482_913,
      subject: 'Hello',
      body: 'Good morning.',
      recipients: ['not an address', 'bob@example.org'],
      messageId: '<1234@example.com>',
      queue: 'documents.ocr@eu-west',
      link: 'https://example.com/reports/1',
      file: 'file:///srv/node_modules/@temporalio/common/lib/index.js',
      nested: [{ password: 'swordfish', count: 3, none: null }],
      smtp_password: 'swordfish-2',
      webhookSecret: 'swordfish-3',
      maxTokens: 4,
      source: { url: 'https://ann:swordfish-4@localhost/list.csv' },
      sources: ['see https://example.com/list.csv?X-Signature=swordfish-5', 'smtp://localhost token=swordfish-6'],
    };
    const payload = await encode(codec(NEW), input);
    for (const secret of [
      'ann@',
      'bob@',
      '1234@',
      'tok-1',
      '482913',
      'Hello',
      'Good morning',
      'not an address',
      'swordfish',
    ])
      expect(textOf(payload)).not.toContain(secret);
    expect(jsonOf(payload)).toMatchObject({
      documentId: 'doc-1',
      userId: 'user-7',
      queue: 'documents.ocr@eu-west',
      link: 'https://example.com/reports/1',
      file: 'file:///srv/node_modules/@temporalio/common/lib/index.js',
      nested: [{ count: 3, none: null }],
      maxTokens: 4,
    });
    expect(await decode(codec(NEW), payload)).toEqual(input);
  });

  it('hide the checksum of a blob, by which a short content could be guessed, wherever it stands', async () => {
    const sha256 = createHash('sha256').update('{"to":"bob"}\n').digest('hex');
    const ref = { store: 'file', key: `mailings/${sha256.slice(0, 2)}/${sha256}`, size: 13, sha256 };
    const values = {
      ref,
      list: [sha256],
      of: sha256.toUpperCase(),
      note: `blob ${ref.key} is damaged`,
      id: 'a'.repeat(63),
    };
    const payload = await encode(codec(NEW), values);
    expect(textOf(payload).toLowerCase()).not.toContain(sha256.slice(0, 16));
    expect(jsonOf(payload)).toMatchObject({ ref: { store: 'file', size: 13 }, id: 'a'.repeat(63) });
    expect(await decode(codec(NEW), payload)).toEqual(values);
    expect(await decode(codec(`${OTHER},${NEW}`, 'worker'), payload)).toEqual(values);
  });

  it('leave the body of a chord readable: it is no text', async () => {
    const chord = { task: 'celery.chord', kwargs: { body: { task: 'samples.add', args: [1] } } };
    expect(jsonOf(await encode(codec(NEW), chord))).toEqual(chord);
  });

  it('are another text each time, so that nobody sees which are the same', async () => {
    const [one, two] = await codec(NEW).encode([written({ token: 't' }), written({ token: 't' })]);
    expect(textOf(one ?? {})).not.toBe(textOf(two ?? {}));
  });

  it('of an older key are opened after a rotation; new ones have the new key', async () => {
    const before = await encode(codec(OLD), { token: 't' });
    const rotated = codec(`${NEW},${OLD}`);
    expect(await decode(rotated, before)).toEqual({ token: 't' });
    expect(readSealed(String(jsonOf(await encode(rotated, { token: 't' }))['token']))?.keyId).toBe('new');
  });

  it('of an unknown key: a client names the key, a worker hands them on as they are', async () => {
    const payload = await encode(codec(OLD), { to: 'ann@example.com', token: 't' });
    await expect(decode(codec(NEW), payload)).rejects.toMatchObject({ type: 'SealedValueUnreadable' });
    await expect(decode(codec(NEW), payload)).rejects.toThrow(
      'to: expected a value sealed with a key of this process (new), got one of the key old',
    );
    const kept = await decode(codec(NEW, 'worker'), payload);
    expect(kept).toEqual(jsonOf(payload));
    expect(await decode(codec(OLD), await encode(codec(NEW, 'worker'), kept))).toEqual({
      to: 'ann@example.com',
      token: 't',
    });
  });

  it('are not opened when a bit was changed, nor with another key of the same id', async () => {
    const payload = await encode(codec(NEW), { token: 'secret-token' });
    const sealed = String(jsonOf(payload)['token']);
    const at = sealed.length - 5;
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    for (const [keys, token] of [
      [NEW, changed],
      [NEW, 'sealed:new:AAAA'],
      [key('new'), sealed],
    ] as const)
      await expect(decode(codec(keys), written({ token }))).rejects.toMatchObject({ type: 'SealedValueUnreadable' });
  });

  it('are opened under the name that they were sealed under, and not under another', async () => {
    const { token } = jsonOf(await encode(codec(NEW), { token: 'secret-token' }));
    await expect(decode(codec(NEW), written({ data: token }))).rejects.toMatchObject({ type: 'SealedValueUnreadable' });
    expect(await decode(codec(NEW), written({ Token: token }))).toEqual({ Token: 'secret-token' });
  });

  it('that a caller passes in are not opened: they are sealed once more', async () => {
    const { token } = jsonOf(await encode(codec(NEW), { token: 'secret-token' }));
    for (const by of [codec(NEW), codec(NEW, 'worker')])
      expect(await decode(by, await encode(by, { token, data: token }))).toEqual({ token, data: token });
  });

  it('need keys: without them nothing leaves that would have to be sealed', async () => {
    await expect(encode(codec(undefined), { token: 't' })).rejects.toMatchObject({ type: 'SealKeyMissing' });
    expect(jsonOf(await encode(codec(undefined), { a: 1 }))).toEqual({ a: 1 });
  });
});

describe('keys', () => {
  it.each(['', 'a', 'a:b', `${OLD},${OLD}`, `a b:${OLD.slice(4)}`, OLD.slice(0, -2)])('refuse %j', (list) => {
    expect(() => createKeyRing(list, 'sealKeys')).toThrow('sealKeys: expected ID:KEY');
  });

  it('name a text the same each time, and differently with another key', () => {
    const names = (keys: string): readonly string[] => createKeyRing(keys, 'sealKeys').namesOf('ann@example.com');
    expect(names(NEW)).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(names(NEW)).not.toEqual(names(OLD));
    // The names of before a rotation are known after it.
    expect(names(`${NEW},${OLD}`)).toEqual([...names(NEW), ...names(OLD)]);
  });
});

describe('encrypted payloads', () => {
  const by = (keys: string): PayloadCodec => encryptionCodec(createKeyRing(keys, 'payloadKeys'));

  it('show nothing, come back as they were, and go on after a rotation', async () => {
    const payload = await encode(by(OLD), { documentId: 'doc-1' });
    expect(textOf(payload)).not.toContain('doc-1');
    expect(await decode(by(`${NEW},${OLD}`), payload)).toEqual({ documentId: 'doc-1' });
    expect(await decode(by(NEW), written({ plain: true }))).toEqual({ plain: true });
  });

  it('of an unknown key are an error that names it', async () => {
    const payload = await encode(by(OTHER), { documentId: 'doc-1' });
    await expect(decode(by(NEW), payload)).rejects.toThrow(
      'payload: expected one encrypted with a key of this process (new), got one of the key other',
    );
  });
});
