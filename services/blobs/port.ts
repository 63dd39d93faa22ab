/** The port for bytes that are too large for a payload or a row. */
import type { Readable } from 'node:stream';
import type { BlobRef } from '../../contracts/values/blobs.ts';

/** The largest content that is stored. */
export interface ContentLimit {
  readonly bytes: number;
  readonly variable: string;
}

/** Options of one write. */
export interface PutOptions {
  /** More content is refused with `DocumentTooLarge`, which names the variable that sets the limit. */
  readonly limit?: ContentLimit;
}

/** A blob in a listing. */
export interface StoredBlob {
  readonly ref: BlobRef;
  /** When its bytes were last put; putting them again renews the time. */
  readonly putAt: Date;
}

/**
 * Content-addressed storage. The key contains the checksum, so writing the same bytes twice leaves one object and a
 * retried write changes nothing.
 */
export interface BlobStore {
  /**
   * Stores a stream under `prefix/…`.
   *
   * @throws PerennialError `StorageFull`, `StorageUnavailable`, `DocumentTooLarge`
   */
  put(prefix: string, content: Readable | Uint8Array, options?: PutOptions): Promise<BlobRef>;

  /**
   * Opens a blob as a stream.
   * @throws PerennialError `BlobCorrupt`, `StorageUnavailable`
   */
  open(ref: BlobRef): Promise<Readable>;

  /**
   * Provides a local file with the blob's content, downloaded first when the store is remote. The caller must not
   * change it, and calls `release` when done.
   * @throws PerennialError `BlobCorrupt`, `StorageUnavailable`
   */
  localFile(ref: BlobRef): Promise<{ readonly path: string; release(): Promise<void> }>;

  /**
   * Opens bytes `[from, to)` of a blob. They are not verified, because the checksum covers the whole blob.
   * @throws PerennialError `BlobCorrupt`, `StorageUnavailable`
   */
  openRange(ref: BlobRef, from: number, to: number): Promise<Readable>;

  /** Removes a blob; a missing blob is not an error. */
  remove(ref: BlobRef): Promise<void>;

  /** Removes every blob under a prefix; none at all is not an error. */
  removeAll(prefix: string): Promise<void>;

  /**
   * Removes a blob unless its bytes were put at or after an instant, because whoever put them may be about to store a
   * row that names them.
   * @throws PerennialError `BlobCorrupt` for an invalid reference, `StorageUnavailable`
   */
  removeOld(ref: BlobRef, before: Date): Promise<'removed' | 'young' | 'missing'>;

  /**
   * Lists the blobs below a prefix (`''` for all), in no particular order and with constant memory. Objects that this
   * store did not write are skipped. A blob that is put or removed during the listing may be included or not.
   * @throws PerennialError `StorageUnavailable`
   */
  list(prefix: string): AsyncIterable<StoredBlob>;

  /**
   * Stores an object and removes it again.
   * @throws PerennialError `StorageFull`, `StorageUnavailable`
   */
  check(): Promise<void>;
}
