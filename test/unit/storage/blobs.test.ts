/** One suite for both blob stores: whoever uses the port cannot tell them apart. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createS3BlobStore } from '../../../services/blobs/s3.ts';
import { fileBench, listed, s3Bench, s3Settings, sortedRefs, useBlobWorld } from '../../support/blob-stores.ts';

const world = useBlobWorld();

describe.each([
  ['file', fileBench],
  ['s3', s3Bench],
] as const)('blob store %s', (kind, createBench) => {
  const content = randomBytes(300_000);
  const sha256 = createHash('sha256').update(content).digest('hex');

  it('gives back what was stored, as a stream and as a file', async () => {
    const { store, leftovers } = createBench(world);
    await store.check();
    const ref = await store.put('uploads/in', Readable.from([content.subarray(0, 1000), content.subarray(1000)]));
    expect(ref).toEqual({ store: kind, key: `uploads/in/${sha256.slice(0, 2)}/${sha256}`, size: 300_000, sha256 });
    expect(await buffer(await store.open(ref))).toEqual(content);
    const [a, b] = await Promise.all([store.localFile(ref), store.localFile(ref)]);
    expect(await readFile(a.path)).toEqual(content);
    await a.release();
    await a.release();
    expect(await readFile(b.path)).toEqual(content);
    await b.release();
    expect(await leftovers()).toEqual([]);
  });

  it('IDEM-4 stores the same bytes once, also an empty blob, and removes twice', async () => {
    const { store, count } = createBench(world);
    const first = await store.put('p', content);
    expect(await store.put('p', content)).toEqual(first);
    expect(await count()).toBe(1);
    const empty = await store.put('p', new Uint8Array());
    expect(empty.size).toBe(0);
    expect(await buffer(await store.open(empty))).toHaveLength(0);
    await store.remove(first);
    await store.remove(first);
    await expect(store.open(first)).rejects.toMatchObject({ type: 'BlobCorrupt' });
  });

  it('refuses more bytes than allowed, and keeps nothing of a failed write', async () => {
    const { store, leftovers } = createBench(world);
    await expect(
      store.put('p', content, { limit: { bytes: 299_999, variable: 'UPLOAD_MAX_MB' } }),
    ).rejects.toMatchObject({
      type: 'DocumentTooLarge',
      message: expect.stringMatching(/299999 bytes.*UPLOAD_MAX_MB/) as string,
    });
    await store.put('p', content, { limit: { bytes: 300_000, variable: 'UPLOAD_MAX_MB' } });
    const broken = new Error('the client went away');
    const source = Readable.from(
      (function* () {
        yield content;
        throw broken;
      })(),
    );
    await expect(store.put('p', source)).rejects.toBe(broken);
    expect(await leftovers()).toEqual([]);
  });

  it('notices lost, cut and changed blobs', async () => {
    const { store, damage, leftovers } = createBench(world);
    const ref = await store.put('p', content);
    const changed = Buffer.from(content);
    changed[5] = (changed[5] ?? 0) ^ 1;
    const corrupt = { type: 'BlobCorrupt' };
    await damage(ref, changed);
    await expect(store.localFile(ref)).rejects.toMatchObject(corrupt);
    await expect(store.open(ref).then(buffer)).rejects.toMatchObject(corrupt);
    await damage(ref, content.subarray(1));
    await expect(store.localFile(ref)).rejects.toMatchObject(corrupt);
    await expect(store.open(ref)).rejects.toMatchObject(corrupt);
    // Written again: a damaged object is mended.
    expect(await store.put('p', content)).toEqual(ref);
    expect(await buffer(await store.open(ref))).toEqual(content);
    await damage(ref, undefined);
    await expect(store.localFile(ref)).rejects.toMatchObject(corrupt);
    await expect(store.open(ref)).rejects.toMatchObject(corrupt);
    expect(await leftovers()).toEqual([]);
  });

  it('tells a reader that comes late of a changed blob, and troubles nobody else', async () => {
    const { store, damage } = createBench(world);
    const ref = await store.put('p', Buffer.from('as it was'));
    await damage(ref, Buffer.from('otherwise'));
    const stream = await store.open(ref);
    // Vitest fails on an error that nobody listens to.
    await sleep(50);
    await expect(buffer(stream)).rejects.toMatchObject({ type: 'BlobCorrupt' });
  });

  it('SEC-4 touches no key that it would not write itself', async () => {
    const { store } = createBench(world);
    const ref = await store.put('p', content);
    const keys = [
      '../../etc/passwd',
      '/etc/passwd',
      `../${ref.key}`,
      `p/../${ref.key}`,
      `p/\0/${sha256}`,
      'p',
      '',
      `.incoming/${ref.key}`,
      `p\\..\\${ref.key}`,
    ];
    for (const key of keys) {
      await expect(store.open({ ...ref, key })).rejects.toMatchObject({ type: 'BlobCorrupt' });
      await expect(store.localFile({ ...ref, key })).rejects.toMatchObject({ type: 'BlobCorrupt' });
      await expect(Promise.resolve().then(() => store.remove({ ...ref, key }))).rejects.toMatchObject({
        type: 'BlobCorrupt',
      });
      await expect(Promise.resolve().then(() => store.removeOld({ ...ref, key }, new Date()))).rejects.toMatchObject({
        type: 'BlobCorrupt',
      });
    }
    await expect(store.open({ ...ref, store: kind === 's3' ? 'file' : 's3' })).rejects.toMatchObject({
      type: 'BlobCorrupt',
    });
    for (const prefix of ['', '..', '/p', 'p/', 'a//b', '.hidden', 'a/../b']) {
      await expect(store.put(prefix, content)).rejects.toMatchObject({ type: 'InvalidInput' });
    }
  });

  it('CLEAN-4 lists what it stored, below a prefix or all of it, with size and time', async () => {
    const { store, age } = createBench(world);
    expect(await listed(store, '')).toEqual([]);
    const refs = await Promise.all(['a', 'bb', 'ccc'].map((text) => store.put('docs', Buffer.from(text))));
    const other = await store.put('docs-2/in', Buffer.from('a'));
    const long = new Date('2020-02-03T04:05:06.000Z');
    await age(refs[1]!, long);
    expect((await listed(store, 'docs')).map(({ ref }) => ref)).toEqual(sortedRefs(refs));
    expect((await listed(store, '')).map(({ ref }) => ref)).toEqual(sortedRefs([...refs, other]));
    expect(await listed(store, 'nothing')).toEqual([]);
    const times = new Map((await listed(store, '')).map(({ ref, putAt }) => [ref.key, putAt]));
    expect(times.get(refs[1]!.key)).toEqual(long);
    expect(Date.now() - times.get(refs[0]!.key)!.getTime()).toBeLessThan(60_000);
  });

  it('CLEAN-2 removes what is old, keeps what was put again since, and says which', async () => {
    const { store, age, count } = createBench(world);
    const ref = await store.put('p', content);
    await age(ref, new Date('2020-01-01T00:00:00Z'));
    const before = new Date(Date.now() - 60_000);
    await store.put('p', content);
    expect(await store.removeOld(ref, before)).toBe('young');
    expect(await buffer(await store.open(ref))).toEqual(content);
    await age(ref, new Date('2020-01-01T00:00:00Z'));
    expect(await store.removeOld(ref, before)).toBe('removed');
    expect(await store.removeOld(ref, before)).toBe('missing');
    expect(await count()).toBe(0);
  });

  it('sweeps what a killed process left, once it is a day old', async () => {
    const { store, leftovers } = createBench(world);
    const work = kind === 'file' ? join(world.folder, 'store', '.incoming') : join(world.folder, 'cache');
    await mkdir(work, { recursive: true });
    await writeFile(join(work, 'old'), 'x');
    await writeFile(join(work, 'young'), 'x');
    await utimes(join(work, 'old'), 1, 1);
    await store.put('p', content);
    expect(await leftovers()).toEqual(['young']);
  });
});

describe('blob store file', () => {
  it('never reads through a link', async () => {
    const { store } = fileBench(world);
    const ref = await store.put('p', Buffer.from('secret'));
    await rm(join(world.folder, 'store', ref.key));
    await writeFile(join(world.folder, 'outside'), 'secret');
    await symlink(join(world.folder, 'outside'), join(world.folder, 'store', ref.key));
    await expect(store.open(ref)).rejects.toMatchObject({ type: 'StorageUnavailable' });
  });

  it('says that the store is away, and works when it is back', async () => {
    await writeFile(join(world.folder, 'store'), 'not a folder');
    const { store } = fileBench(world);
    await expect(store.put('p', Buffer.from('x'))).rejects.toMatchObject({ type: 'StorageUnavailable' });
    await expect(store.check()).rejects.toMatchObject({ type: 'StorageUnavailable' });
    await truncate(join(world.folder, 'store'));
    await rm(join(world.folder, 'store'));
    await store.check();
    await store.put('p', Buffer.from('x'));
  });
});

describe('blob store s3', () => {
  it('repeats requests that the server could not answer', async () => {
    const { store } = s3Bench(world);
    world.s3.refusals.push(503);
    const ref = await store.put('p', Buffer.from('x'));
    world.s3.refusals.push(200 + 300, 503);
    expect(await buffer(await store.open(ref))).toEqual(Buffer.from('x'));
  });

  it('repeats an upload that was refused half-way', async () => {
    const { store } = s3Bench(world);
    const ref = await store.put('p', Buffer.from('x'));
    await store.remove(ref);
    world.s3.requests.length = 0;
    world.s3.refusals.push(404, 503, 503);
    await store.put('p', Buffer.from('x'));
    expect(world.s3.requests.filter((method) => method === 'PUT').length).toBeGreaterThanOrEqual(2);
    expect(world.s3.objects.size).toBe(1);
  });

  it('tells apart a full store, refused keys, and a server that is away, without naming secrets', async () => {
    const { store } = s3Bench(world);
    world.s3.refusals.push(404, 507, 507, 507);
    await expect(store.put('p', Buffer.from('x'))).rejects.toMatchObject({ type: 'StorageFull' });
    world.s3.refusals.length = 0;
    world.s3.refusals.push(403);
    const refused: unknown = await store.check().catch((error: unknown) => error);
    expect(refused).toMatchObject({ type: 'StorageUnavailable' });
    expect(JSON.stringify(refused) + String(refused)).not.toMatch(/very-secret|AKIDTEST/);
    const away = createS3BlobStore({ ...s3Settings(world), endpoint: 'http://127.0.0.1:9', attempts: 1 });
    await expect(away.check()).rejects.toMatchObject({ type: 'StorageUnavailable' });
    const elsewhere = createS3BlobStore({ ...s3Settings(world), bucket: 'other' });
    await expect(elsewhere.check()).rejects.toMatchObject({ message: expect.stringContaining('HTTP 404') as string });
  });

  it('fetches a document once for all who read it at the same time', async () => {
    const { store } = s3Bench(world);
    const ref = await store.put('p', Buffer.from('x'));
    world.s3.requests.length = 0;
    const files = await Promise.all(Array.from({ length: 5 }, () => store.localFile(ref)));
    expect(world.s3.requests).toEqual(['GET']);
    expect(new Set(files.map(({ path }) => path)).size).toBe(1);
    await Promise.all(files.map((file) => file.release()));
    await (await store.localFile(ref)).release();
    expect(world.s3.requests).toEqual(['GET', 'GET']);
  });
});
