/** Reads blobs into memory that a caller may have named, so that none of them takes more than its kind needs. */
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { BlobStore } from '../../services/blobs/port.ts';

/**
 * Reads a whole blob.
 *
 * @param field - field of the input that names the blob, for the error
 * @param maxBytes - largest blob that is read
 * @throws PerennialError `InvalidInput` for a larger one, of which nothing is read; `BlobCorrupt`, `StorageUnavailable`
 */
export async function readBlob(
  blobs: Pick<BlobStore, 'open'>,
  ref: BlobRef,
  field: string,
  maxBytes: number,
): Promise<Buffer> {
  // The store refuses a blob whose size differs from its reference.
  if (ref.size > maxBytes)
    throw new PerennialError(
      'InvalidInput',
      `${field}: expected a blob of at most ${String(maxBytes)} bytes, got one of ${String(ref.size)}. Name the blob that the step before has made.`,
    );
  const parts: Buffer[] = [];
  // `as` is safe: the stream of a blob yields only bytes.
  for await (const part of (await blobs.open(ref)) as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}
