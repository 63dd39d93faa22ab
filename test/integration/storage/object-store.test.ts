/** The S3 adapter against the object store that docker-compose.yml starts, with its command, key and set-up. */
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3BlobStore, type S3BlobStoreOptions } from '../../../services/blobs/s3.ts';
import { listed, sortedRefs } from '../../support/blob-stores.ts';
import { SECRET_KEY, startObjectStore, weed, type ObjectStore } from '../../support/servers/object-store.ts';

// `npm run object-store` builds the command, which takes minutes: a machine without it runs the suite of the fake.
describe.runIf(weed !== undefined)('blob store s3 on the object store of the installation', () => {
  const cacheDir = mkdtempSync(path.join(tmpdir(), 'perennial-s3-cache-'));
  let server: ObjectStore;
  const settings = (): S3BlobStoreOptions => ({
    endpoint: server.endpoint,
    bucket: 'perennial',
    region: 'us-east-1',
    accessKeyId: 'perennial',
    secretAccessKey: SECRET_KEY,
    prefix: 'tenant',
    cacheDir,
    attempts: 1,
  });
  const raw = (): S3Client =>
    new S3Client({
      endpoint: server.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'perennial', secretAccessKey: SECRET_KEY },
    });

  beforeAll(async () => {
    server = await startObjectStore(weed!);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(cacheDir, { recursive: true, force: true });
  });

  it('DEPLOY-1 gives back what was stored, whole, in ranges and as a file', async () => {
    const store = createS3BlobStore(settings());
    await store.check();
    const content = randomBytes(9_000_000); // more than one chunk of the store
    const ref = await store.put('uploads/in', Readable.from([content.subarray(0, 1000), content.subarray(1000)]));
    expect((await buffer(await store.open(ref))).equals(content)).toBe(true);
    for (const [from, to] of [
      [0, 1],
      [4_194_300, 4_194_310],
      [8_999_999, 9_000_000],
    ] as const)
      expect((await buffer(await store.openRange(ref, from, to))).equals(content.subarray(from, to))).toBe(true);
    const file = await store.localFile(ref);
    await file.release();
    expect(await store.put('uploads/in', content)).toEqual(ref);
    const empty = await store.put('uploads/in', new Uint8Array());
    expect(await buffer(await store.open(empty))).toHaveLength(0);
  });

  it('DEPLOY-1 lists by prefix, also more than a page of a listing, and removes', async () => {
    const store = createS3BlobStore(settings());
    const refs = [];
    for (let from = 0; from < 1_050; from += 50)
      refs.push(
        ...(await Promise.all(
          Array.from({ length: 50 }, (_, index) => store.put('many', Buffer.from(String(from + index)))),
        )),
      );
    const beside = await store.put('many-2', Buffer.from('a'));
    expect((await listed(store, 'many')).map(({ ref }) => ref)).toEqual(sortedRefs(refs));
    expect(await store.removeOld(refs[0]!, new Date(Date.now() - 60_000))).toBe('young');
    expect(await store.removeOld(refs[0]!, new Date(Date.now() + 60_000))).toBe('removed');
    expect(await store.removeOld(refs[0]!, new Date(Date.now() + 60_000))).toBe('missing');
    await store.removeAll('many');
    expect(await listed(store, 'many')).toEqual([]);
    expect((await listed(store, 'many-2')).map(({ ref }) => ref)).toEqual([beside]);
  });

  it('DEPLOY-1 notices lost and changed blobs', async () => {
    const store = createS3BlobStore(settings());
    const ref = await store.put('p', Buffer.from('as it was'));
    const object = { Bucket: 'perennial', Key: `tenant/${ref.key}` };
    await raw().send(new PutObjectCommand({ ...object, Body: 'otherwise' }));
    await expect(store.localFile(ref)).rejects.toMatchObject({ type: 'BlobCorrupt' });
    await raw().send(new DeleteObjectCommand(object));
    await expect(store.open(ref)).rejects.toMatchObject({ type: 'BlobCorrupt' });
  });

  it('DEPLOY-1 is refused with a wrong key, in another bucket and without a key', async () => {
    const unavailable = { type: 'StorageUnavailable' };
    await expect(createS3BlobStore({ ...settings(), secretAccessKey: 'wrong' }).check()).rejects.toMatchObject(
      unavailable,
    );
    const elsewhere = createS3BlobStore({ ...settings(), bucket: 'other' });
    await expect(elsewhere.put('p', Buffer.from('x'))).rejects.toMatchObject(unavailable);
    expect((await fetch(`${server.endpoint}/perennial/tenant`)).status).toBe(403);
  });
});
