/** Blobs as files: for one machine, or a folder that all machines share. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, opendir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { BlobStore, PutOptions, StoredBlob } from './port.ts';
import {
  blobKey,
  checkRef,
  corrupt,
  prepareWorkFolder,
  refOfKey,
  spool,
  storageError,
  storing,
  verifyFile,
  verifying,
} from './spool.ts';
import { BYTES_PER_KB, BYTES_PER_MB } from '../../contracts/values/units.ts';

/** Settings of {@link createFileBlobStore}. */
export interface FileBlobStoreOptions {
  /** Folder of the store; created when missing. */
  readonly root: string;
}

/** Whoever reads a range wants much of it: large pieces need not be put together again. */
const RANGE_CHUNK_BYTES = BYTES_PER_MB;

/** Too much for what file systems keep in the entry of a folder: it takes a block. */
const CHECK_CONTENT = randomBytes(8 * BYTES_PER_KB);

/** Unfinished files; on the same disk as the finished ones, since a rename does not cross disks. */
const INCOMING = '.incoming';

/** Opens a store of files named by their checksum. */
export function createFileBlobStore(options: FileBlobStoreOptions): BlobStore {
  const root = resolve(options.root);
  let incoming: Promise<string> | undefined;
  // Tried again after a failure: the disk may come back.
  const workFolder = (): Promise<string> =>
    (incoming ??= prepareWorkFolder(join(root, INCOMING)).catch((error: unknown) => {
      incoming = undefined;
      throw error;
    }));

  return {
    put: async (prefix, content, limits) => put(root, await workFolder(), prefix, content, limits),
    open: (ref) => openBlob(root, ref),
    localFile: async (ref) => {
      const path = pathOf(root, ref);
      const file = await openChecked(path, ref);
      await storing(() => file.close());
      await verifyFile(path, ref);
      return { path, release: async () => {} };
    },
    openRange: async (ref, from, to) => {
      const file = await openChecked(pathOf(root, ref), ref);
      // `end` is the last byte itself; an empty range would read one.
      return from < to
        ? file.createReadStream({ start: from, end: to - 1, highWaterMark: RANGE_CHUNK_BYTES })
        : closed(file);
    },
    remove: (ref) => storing(() => rm(pathOf(root, ref), { force: true })),
    removeAll: (prefix) => {
      blobKey(prefix, ''); // refuses what would lead out of the root
      return storing(() => rm(join(root, prefix), { recursive: true, force: true }));
    },
    removeOld: (ref, before) => storing(() => removeOld(pathOf(root, ref), before)),
    list: (prefix) => list(root, prefix),
    check: async () => {
      const { path } = await spool(await workFolder(), CHECK_CONTENT);
      await storing(() => rm(path));
    },
  };
}

async function closed(file: FileHandle): Promise<Readable> {
  await file.close();
  return Readable.from([]);
}

function pathOf(root: string, ref: BlobRef): string {
  checkRef(ref, 'file');
  return join(root, ref.key);
}

async function put(
  root: string,
  incoming: string,
  prefix: string,
  content: Readable | Uint8Array,
  limits?: PutOptions,
): Promise<BlobRef> {
  blobKey(prefix, ''); // refuses a bad prefix before anything is written
  const spooled = await spool(incoming, content, limits?.maxBytes);
  const ref: BlobRef = {
    store: 'file',
    key: blobKey(prefix, spooled.sha256),
    size: spooled.size,
    sha256: spooled.sha256,
  };
  const target = join(root, ref.key);
  try {
    await storing(async () => {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      // Replaces an equal file, or mends a damaged one: readers see the old or the new, never a part.
      await rename(spooled.path, target);
      await syncFolder(dirname(target));
    });
  } catch (error) {
    await rm(spooled.path, { force: true });
    throw error;
  }
  return ref;
}

/** Without this, a power cut may forget the rename although the file itself was written. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function openBlob(root: string, ref: BlobRef): Promise<Readable> {
  const file = await openChecked(pathOf(root, ref), ref);
  const check = verifying(ref);
  const source = file.createReadStream();
  source.on('error', (error) => check.destroy(error));
  check.on('close', () => source.destroy());
  return source.pipe(check);
}

/** Opens the file of a blob, never through a link, and compares its size. */
async function openChecked(path: string, ref: BlobRef): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (await isMissing(path)) throw corrupt(ref, 'nothing');
    return storing(() => Promise.reject(error)); // eslint-disable-line @typescript-eslint/prefer-promise-reject-errors -- the error of open, unchanged
  }
  const facts = await file.stat();
  if (facts.isFile() && facts.size === ref.size) return file;
  await file.close();
  throw corrupt(ref, facts.isFile() ? `${facts.size} bytes` : 'something that is no file');
}

async function removeOld(path: string, before: Date): Promise<'removed' | 'young' | 'missing'> {
  const facts = await lstat(path).catch(nothingThere);
  if (facts === undefined) return 'missing';
  if (facts.mtime >= before) return 'young';
  await rm(path, { force: true });
  return 'removed';
}

/** Walks folder by folder: a folder is read in pieces, so millions of blobs take no more memory than a few. */
async function* list(root: string, below: string): AsyncGenerator<StoredBlob> {
  const folder = await opendir(join(root, below)).catch(nothingThere);
  if (folder === undefined) return;
  for await (const entry of folder) {
    const key = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && entry.name !== INCOMING) yield* list(root, key);
    if (!entry.isFile()) continue;
    const facts = await lstat(join(root, key)).catch(nothingThere);
    const ref = facts && refOfKey('file', key, facts.size);
    if (facts !== undefined && ref !== undefined) yield { ref, putAt: facts.mtime };
  }
}

/** Removed while we looked: as if it had never been there. */
function nothingThere(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw storageError(error);
}

async function isMissing(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT',
  );
}
