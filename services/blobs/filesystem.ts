/** Blobs as files, for one machine or a folder that all machines share. */
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

/** Bytes of one read. Readers of a range want much of it, so large pieces save them joining small ones. */
const RANGE_CHUNK_BYTES = BYTES_PER_MB;

/** Content of the check: large enough to need a block of the disk, which file systems do not need for tiny files. */
const CHECK_CONTENT = randomBytes(8 * BYTES_PER_KB);

/** Folder of unfinished files. It is inside the store, because a rename does not cross disks. */
const INCOMING = '.incoming';

/** Opens a store whose files are named by their checksum. */
export function createFileBlobStore(options: FileBlobStoreOptions): BlobStore {
  const root = resolve(options.root);
  let incoming: Promise<string> | undefined;
  // A failure is not remembered, because the disk may come back.
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
      // `end` is inclusive, so an empty range would read one byte.
      return from < to
        ? file.createReadStream({ start: from, end: to - 1, highWaterMark: RANGE_CHUNK_BYTES })
        : closed(file);
    },
    remove: (ref) => storing(() => rm(pathOf(root, ref), { force: true })),
    removeAll: (prefix) => {
      blobKey(prefix, ''); // refuses a prefix that leads out of the root
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
  options?: PutOptions,
): Promise<BlobRef> {
  blobKey(prefix, ''); // refuses a bad prefix before anything is written
  const spooled = await spool(incoming, content, options?.limit);
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
      // The rename replaces an equal or a damaged file atomically: readers see the old file or the new one.
      await rename(spooled.path, target);
      await syncFolder(dirname(target));
    });
  } catch (error) {
    await rm(spooled.path, { force: true });
    throw error;
  }
  return ref;
}

/** Syncs the folder, because a power cut may otherwise lose the rename although the file itself was written. */
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

/** Opens the file of a blob, never through a link, and checks its size. */
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
  throw corrupt(ref, facts.isFile() ? `${facts.size} bytes` : 'an entry that is not a file');
}

async function removeOld(path: string, before: Date): Promise<'removed' | 'young' | 'missing'> {
  const facts = await lstat(path).catch(nothingThere);
  if (facts === undefined) return 'missing';
  if (facts.mtime >= before) return 'young';
  await rm(path, { force: true });
  return 'removed';
}

/** Lists folder by folder. A folder is read in pieces, so memory does not grow with the number of blobs. */
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

/** Ignores a file that was removed during the listing. */
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
