/** Stores and reads values as blobs of JSON. */
import type { z } from 'zod';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import { readBlob } from '../shell/read-blob.ts';

/** Stores a value as JSON. */
export function putJson(blobs: BlobStore, prefix: string, value: unknown): Promise<BlobRef> {
  return blobs.put(prefix, Buffer.from(JSON.stringify(value)));
}

/** Bytes of the largest JSON; that of a report lists a few hundred names. */
const MAX_JSON_BYTES = 8 * BYTES_PER_MB;

/**
 * Reads what {@link putJson} stored.
 *
 * @param field - field of the input that names the blob, for the error
 * @throws PerennialError `BlobCorrupt` for any other content, `InvalidInput` for more than 8 MB
 */
export async function readJson<T>(blobs: BlobStore, ref: BlobRef, field: string, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(JSON.parse((await readBlob(blobs, ref, field, MAX_JSON_BYTES)).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new PerennialError(
    'BlobCorrupt',
    `Expected blob ${ref.key} in the format of this version, got another one. Make the report again.`,
  );
}
