/** Both blob stores over a folder and a fake server of their own, and ways to look behind them. */
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { createFileBlobStore } from '../../services/blobs/filesystem.ts';
import type { BlobStore, StoredBlob } from '../../services/blobs/port.ts';
import { createS3BlobStore, type S3BlobStoreOptions } from '../../services/blobs/s3.ts';
import { startFakeS3, type FakeS3 } from './servers/s3.ts';

/** One store under test. */
export interface BlobBench {
  readonly store: BlobStore;
  /** Replaces the stored bytes, or removes them. */
  damage: (ref: BlobRef, content: Buffer | undefined) => Promise<void>;
  /** Stored objects and files under way. */
  leftovers: () => Promise<readonly string[]>;
  count: () => Promise<number>;
  /** Makes a blob look as if it had been put then. */
  age: (ref: BlobRef, at: Date) => Promise<void>;
  /** Puts something under a key past the store. */
  plant: (key: string) => Promise<void>;
}

/** What both stores of a test file stand on; empty at the beginning of each test. */
export interface BlobWorld {
  readonly folder: string;
  readonly s3: FakeS3;
}

/** Sets the world of a test file up and takes it down. */
export function useBlobWorld(): BlobWorld {
  let folder: string;
  let s3: FakeS3;
  beforeAll(async () => {
    s3 = await startFakeS3('bucket');
  });
  afterAll(() => s3.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perennial-blobs-'));
    s3.objects.clear();
    s3.requests.length = 0;
    s3.refusals.length = 0;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  return {
    get folder() {
      return folder;
    },
    get s3() {
      return s3;
    },
  };
}

/** The store of files, in `store` of the folder. */
export function fileBench({ folder }: BlobWorld): BlobBench {
  const root = join(folder, 'store');
  return {
    store: createFileBlobStore({ root }),
    damage: (ref, content) =>
      content === undefined ? rm(join(root, ref.key)) : writeFile(join(root, ref.key), content),
    leftovers: () => readdir(join(root, '.incoming')).catch(() => []),
    count: async () =>
      (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length,
    age: (ref, at) => utimes(join(root, ref.key), at, at),
    plant: async (key) => {
      await mkdir(dirname(join(root, key)), { recursive: true });
      await writeFile(join(root, key), 'foreign');
    },
  };
}

/** Settings of {@link s3Bench}. */
export function s3Settings({ folder, s3 }: BlobWorld): S3BlobStoreOptions {
  const keys = { accessKeyId: 'AKIDTEST', secretAccessKey: 'very-secret' };
  return {
    endpoint: s3.endpoint,
    bucket: 'bucket',
    region: 'eu-central-1',
    prefix: 'tenant',
    cacheDir: join(folder, 'cache'),
    ...keys,
  };
}

/** The store over S3, below `tenant` of the bucket. */
export function s3Bench(world: BlobWorld): BlobBench {
  const { s3 } = world;
  const pathOf = (key: string) => `bucket/tenant/${key}`;
  return {
    store: createS3BlobStore(s3Settings(world)),
    damage: async (ref, content) => {
      if (content === undefined) s3.objects.delete(pathOf(ref.key));
      else s3.objects.set(pathOf(ref.key), content);
      return Promise.resolve();
    },
    leftovers: () => readdir(join(world.folder, 'cache')).catch(() => []),
    count: () => Promise.resolve(s3.objects.size),
    age: (ref, at) => Promise.resolve(void s3.putAt.set(pathOf(ref.key), at)),
    plant: (key) => Promise.resolve(void s3.objects.set(pathOf(key), Buffer.from('foreign'))),
  };
}

/** By key, as a listing promises no order. */
export const sortedRefs = (refs: readonly BlobRef[]): BlobRef[] => [...refs].sort((a, b) => (a.key < b.key ? -1 : 1));

/** What a store lists below a prefix, by key. */
export async function listed(store: BlobStore, prefix: string): Promise<StoredBlob[]> {
  const found: StoredBlob[] = [];
  for await (const blob of store.list(prefix)) found.push(blob);
  return found.sort((a, b) => (a.ref.key < b.ref.key ? -1 : 1));
}
