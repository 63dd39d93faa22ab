/** Stores and reads small blobs as a whole. */
import type { z } from 'zod';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { BlobStore } from '../../services/blobs/port.ts';

/** Stores a value as JSON. */
export function putJson(blobs: BlobStore, prefix: string, value: unknown): Promise<BlobRef> {
  return blobs.put(prefix, Buffer.from(JSON.stringify(value)));
}

/** Reads a blob into memory; the caller knows that it is small. */
export async function readBlob(blobs: BlobStore, ref: BlobRef): Promise<Buffer> {
  const parts: Buffer[] = [];
  // `as` is safe: the stream of a blob yields only bytes.
  for await (const part of (await blobs.open(ref)) as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

/**
 * Reads what {@link putJson} stored.
 * @throws PerennialError `BlobCorrupt` for any other content
 */
export async function readJson<T>(blobs: BlobStore, ref: BlobRef, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(JSON.parse((await readBlob(blobs, ref)).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new PerennialError(
    'BlobCorrupt',
    `Expected blob ${ref.key} in the format of this version, got another one. Make the report again.`,
  );
}
