/** Where bytes live that are too large for a payload or a row. */
import type { Readable } from 'node:stream';
import type { BlobRef } from '../../contracts/values/blobs.ts';

/** Limits of one write. */
export interface PutOptions {
  /** Refuses more than this many bytes with `DocumentTooLarge`. */
  readonly maxBytes?: number;
}

/** A blob as a listing shows it. */
export interface StoredBlob {
  readonly ref: BlobRef;
  /** When its bytes were last put; putting them again makes a blob young. */
  readonly putAt: Date;
}

/**
 * Content-addressed storage: the key holds the checksum, so writing the same
 * bytes twice leaves one object, and a retried write is harmless (IDEM-4).
 */
export interface BlobStore {
  /**
   * Stores a stream under `prefix/…`.
   *
   * @throws PerennialError `StorageFull`, `StorageUnavailable`, `DocumentTooLarge`
   */
  put(prefix: string, content: Readable | Uint8Array, options?: PutOptions): Promise<BlobRef>;

  /** Reads a blob as a stream. @throws PerennialError `BlobCorrupt`, `StorageUnavailable` */
  open(ref: BlobRef): Promise<Readable>;

  /**
   * Gives a local file with the blob's content, fetched first where the store
   * is remote. The caller must not change it. Call `release` when done.
   *
   * @throws PerennialError `BlobCorrupt`, `StorageUnavailable`
   */
  localFile(ref: BlobRef): Promise<{ readonly path: string; release(): Promise<void> }>;

  /**
   * Reads bytes `[from, to)` of a blob. They are not checked against the
   * checksum, which is one of the whole.
   *
   * @throws PerennialError `BlobCorrupt`, `StorageUnavailable`
   */
  openRange(ref: BlobRef, from: number, to: number): Promise<Readable>;

  /** Removes a blob; removing what is not there is harmless. */
  remove(ref: BlobRef): Promise<void>;

  /** Removes every blob under a prefix; harmless when there is none. */
  removeAll(prefix: string): Promise<void>;

  /**
   * Removes a blob, unless its bytes were put at or after an instant: who has
   * put them since may be about to store a row that names them.
   *
   * @throws PerennialError `BlobCorrupt` for a reference that is none, `StorageUnavailable`
   */
  removeOld(ref: BlobRef, before: Date): Promise<'removed' | 'young' | 'missing'>;

  /**
   * Lists the blobs below a prefix (`''` for all), in no particular order and
   * with flat memory. What this store did not write itself is left out. A blob
   * that is put or removed meanwhile may be listed or not.
   *
   * @throws PerennialError `StorageUnavailable`
   */
  list(prefix: string): AsyncIterable<StoredBlob>;

  /** Stores something and removes it again. @throws PerennialError `StorageFull`, `StorageUnavailable` */
  check(): Promise<void>;
}
