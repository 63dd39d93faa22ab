/** Files that a result names. */
import { PerennialError } from '../../contracts/failures.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { blobRefSchema } from '../../contracts/values/blobs.schema.ts';
import type { BlobStore } from '../../services/blobs/port.ts';

/** Returns the references to blobs in a JSON value. */
export function filesOf(value: unknown): readonly BlobRef[] {
  if (typeof value !== 'object' || value === null) return [];
  const ref = 'sha256' in value ? blobRefSchema.safeParse(value) : undefined;
  return ref?.success === true ? [ref.data] : Object.values(value).flatMap(filesOf);
}

/** Says whether the store has a blob. @throws PerennialError `StorageUnavailable` */
export async function isThere(blobs: Pick<BlobStore, 'openRange'>, ref: BlobRef): Promise<boolean> {
  try {
    (await blobs.openRange(ref, 0, Math.min(1, ref.size))).destroy();
    return true;
  } catch (error) {
    if (error instanceof PerennialError && error.type === 'BlobCorrupt') return false;
    throw error;
  }
}
