/** Where bytes live that are too large for a payload or a row. */
import type { Readable } from 'node:stream';
import type { BlobRef } from '../../contracts/blobs.ts';

/** Limits of one write. */
export interface PutOptions {
  /** Refuses more than this many bytes with `DocumentTooLarge`. */
  readonly maxBytes?: number;
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

  /** Removes a blob; removing what is not there is harmless. */
  remove(ref: BlobRef): Promise<void>;

  /** Succeeds when the store can be used. */
  check(): Promise<void>;
}
