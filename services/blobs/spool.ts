/** Writes a stream to a file while counting and hashing it, and cleans up after crashes. The blob stores share it. */
import { createHash, randomUUID, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import type { ContentLimit } from './port.ts';

/** A written file, with its size and checksum. */
export interface SpooledFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Age in milliseconds after which files of killed processes are removed. */
const LEFTOVER_MS = 24 * 3600 * 1000;

/**
 * Writes the content to a new file in `folder` and flushes it to the disk. A failure leaves no file.
 * @throws PerennialError `DocumentTooLarge`, `StorageFull`, `StorageUnavailable`; errors of the source unchanged
 */
export async function spool(
  folder: string,
  content: Readable | Uint8Array,
  limit?: ContentLimit,
): Promise<SpooledFile> {
  const path = join(folder, randomUUID());
  const file = await storing(() => open(path, 'wx', 0o600));
  try {
    const facts = await writeAll(file, content instanceof Readable ? content : Readable.from(slices(content)), limit);
    await storing(() => file.sync());
    await storing(() => file.close());
    return { path, ...facts };
  } catch (error) {
    await file.close().catch(() => {});
    await rm(path, { force: true });
    throw error;
  }
}

/** Bytes that are hashed before the process does other things. */
const SLICE_BYTES = BYTES_PER_MB;

function* slices(content: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < content.length; from += SLICE_BYTES) yield content.subarray(from, from + SLICE_BYTES);
}

async function writeAll(
  file: FileHandle,
  content: Readable,
  limit: ContentLimit | undefined,
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const part of content as AsyncIterable<Uint8Array | string>) {
    // A stream of bytes or text yields only these types.
    const chunk = typeof part === 'string' ? Buffer.from(part) : part;
    size += chunk.byteLength;
    if (limit !== undefined && size > limit.bytes) {
      throw new PerennialError(
        'DocumentTooLarge',
        `Expected at most ${String(limit.bytes)} bytes, got more. Split the file, or raise ${limit.variable}.`,
      );
    }
    hash.update(chunk);
    await storing(() => file.writeFile(chunk));
  }
  return { size, sha256: hash.digest('hex') };
}

/** Creates a working folder and removes the files of killed processes. */
export async function prepareWorkFolder(folder: string): Promise<string> {
  await storing(() => mkdir(folder, { recursive: true, mode: 0o700 }));
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => undefined);
    if (facts !== undefined && Date.now() - facts.mtimeMs > LEFTOVER_MS)
      await rm(path, { force: true, recursive: true });
  }
  return folder;
}

/** Runs an operation on our own storage and maps its failure. */
export async function storing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(error);
  }
}

/** Maps a system error of our own storage to a failure of the registry. */
export function storageError(error: unknown): PerennialError {
  if (error instanceof PerennialError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new PerennialError('StorageFull', `Expected room in the blob store, found ${code}. Free space.`, {
      cause: error,
    });
  }
  return new PerennialError(
    'StorageUnavailable',
    `Expected the blob store to work, got ${code}. Check the folder and its disk.`,
    { cause: error },
  );
}

/** Builds the error for a blob that differs from its reference. */
export function corrupt(ref: BlobRef, found: string): PerennialError {
  return new PerennialError(
    'BlobCorrupt',
    `Expected blob ${ref.key.slice(0, 200)} with ${ref.size} bytes and its checksum, found ${found}. Restore it from a backup, or supply the input again.`,
  );
}

/** Passes the bytes of a blob on and fails at the end when they differ from its reference. */
export function verifying(ref: BlobRef): Transform {
  const hash: Hash = createHash('sha256');
  let size = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.byteLength;
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      if (size !== ref.size) done(corrupt(ref, `${size} bytes`));
      else done(hash.digest('hex') === ref.sha256 ? null : corrupt(ref, 'another checksum'));
    },
  });
  // The reader receives the error. A small blob fails before its reader listens, which must not end the process.
  check.on('error', () => undefined);
  return check;
}

/**
 * Reads a whole file and checks it against the reference.
 * @throws PerennialError `BlobCorrupt`, `StorageUnavailable`
 */
export async function verifyFile(path: string, ref: BlobRef): Promise<void> {
  const check = verifying(ref);
  check.resume();
  await storing(() => pipeline(createReadStream(path), check));
}

/**
 * Builds the content-addressed key.
 * @throws PerennialError `InvalidInput` for an invalid prefix
 */
export function blobKey(prefix: string, sha256: string): string {
  if (!isPrefix(prefix)) {
    throw new PerennialError(
      'InvalidInput',
      `Expected a prefix such as 'uploads', got '${prefix.slice(0, 60)}'. Use letters, digits, _, - and /.`,
    );
  }
  return `${prefix}/${sha256.slice(0, 2)}/${sha256}`;
}

/**
 * Refuses references that this store did not write: keys outside the root, and blobs of another store.
 * @throws PerennialError `BlobCorrupt`
 */
export function checkRef(ref: BlobRef, store: BlobRef['store']): void {
  if (ref.store !== store)
    throw corrupt(ref, `that it belongs to the store '${ref.store}' while '${store}' is configured`);
  if (refOfKey(store, ref.key, ref.size)?.sha256 !== ref.sha256)
    throw corrupt(ref, 'a key that this store never writes');
}

/** Returns the reference for a key that this store wrote; `undefined` for any other. */
export function refOfKey(store: BlobRef['store'], key: string, size: number): BlobRef | undefined {
  const sha256 = key.slice(-64);
  const prefix = key.slice(0, -(64 + 4));
  const isOurs = /^[0-9a-f]{64}$/.test(sha256) && isPrefix(prefix) && key === blobKey(prefix, sha256);
  return isOurs ? { store, key, size, sha256 } : undefined;
}

function isPrefix(prefix: string): boolean {
  return /^[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*)*$/i.test(prefix);
}
