/** Reading a part of a blob, and all blobs below a prefix: the same on both stores. */
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { fileBench, listed, s3Bench, sortedRefs, useBlobWorld } from '../../support/blob-stores.ts';

const world = useBlobWorld();

describe.each([
  ['file', fileBench],
  ['s3', s3Bench],
] as const)('blob store %s', (_kind, createBench) => {
  const content = randomBytes(300_000);

  it('P3-18 reads any range of a blob to the byte, an empty one too, and notices a blob that is lost or cut', async () => {
    const { store, damage } = createBench(world);
    const ref = await store.put('p', content);
    const size = content.length;
    for (const [from, to] of [[0, 1] as const, [7, 70_007] as const, [size - 1, size] as const, [0, size] as const]) {
      expect((await buffer(await store.openRange(ref, from, to))).equals(content.subarray(from, to))).toBe(true);
    }
    for (const at of [0, 5, size]) expect(await buffer(await store.openRange(ref, at, at))).toHaveLength(0);
    await damage(ref, content.subarray(0, 100));
    for (const [from, to] of [[50, 150] as const, [200, 300] as const]) {
      await expect(store.openRange(ref, from, to).then(buffer)).rejects.toMatchObject({ type: 'BlobCorrupt' });
    }
    await damage(ref, undefined);
    await expect(store.openRange(ref, 0, 1).then(buffer)).rejects.toMatchObject({ type: 'BlobCorrupt' });
    await expect(
      Promise.resolve().then(() => store.openRange({ ...ref, key: '../../etc/passwd' }, 0, 1)),
    ).rejects.toMatchObject({ type: 'BlobCorrupt' });
  });

  it('IMPORT-6 removes everything below a prefix, nothing beside it, and may be asked twice', async () => {
    const { store } = createBench(world);
    for (const text of ['a', 'bb', 'ccc', 'dddd', 'eeeee']) await store.put('imports/run-1', Buffer.from(text));
    const beside = [
      await store.put('imports/run-10', Buffer.from('a')),
      await store.put('imports/run', Buffer.from('a')),
      await store.put('docs', Buffer.from('a')),
    ];
    await store.removeAll('imports/run-1');
    await store.removeAll('imports/run-1');
    await store.removeAll('imports/never');
    expect((await listed(store, '')).map(({ ref }) => ref)).toEqual(sortedRefs(beside));
    for (const prefix of ['', '..', '/imports', 'imports/', 'imports/../docs']) {
      await expect(Promise.resolve().then(() => store.removeAll(prefix))).rejects.toMatchObject({
        type: 'InvalidInput',
      });
    }
    expect(await listed(store, '')).toHaveLength(3);
  });

  it('CLEAN-4 lists folders of folders, and leaves out what it did not write', async () => {
    const { store, plant } = createBench(world);
    const refs = [await store.put('a/b/c', Buffer.from('x')), await store.put('a', Buffer.from('y'))];
    await plant('a/foreign.txt');
    await plant(`a/zz/${'0'.repeat(64)}`);
    expect((await listed(store, 'a')).map(({ ref }) => ref)).toEqual(sortedRefs(refs));
    expect((await listed(store, 'a/b')).map(({ ref }) => ref)).toEqual(refs.slice(0, 1));
  });
});
