/** Maps failures of an S3 server to failures of the registry. */
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { corrupt } from './spool.ts';

/**
 * Runs a request and maps its failure.
 * @param ref - the requested blob, when its absence would be damage
 */
export async function asking<T>(work: () => Promise<T>, ref?: BlobRef): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw s3Error(error, ref);
  }
}

/** Describes a damaged or missing object by the status of the answer. */
const lacks: Readonly<Record<number, string>> = { 404: 'nothing', 416: 'an end before the range that was asked for' };

/** Maps an error without quoting the request, which holds the key id and a signature. */
export function s3Error(error: unknown, ref?: BlobRef): PerennialError {
  if (error instanceof PerennialError) return error;
  const name = error instanceof Error ? error.name : 'an unknown error';
  const status = statusOf(error);
  const lack = name === 'NoSuchBucket' ? undefined : lacks[status ?? 0];
  if (lack !== undefined && ref !== undefined) return corrupt(ref, lack);
  const found = status === undefined ? name : `${name} (HTTP ${status})`;
  if (status === 507 || /storagefull|quotaexceeded/i.test(name)) {
    return new PerennialError('StorageFull', `Expected room in the bucket, found ${found}. Free space.`);
  }
  return new PerennialError(
    'StorageUnavailable',
    `Expected the S3 server to answer, got ${found}. Check its address, the bucket and the keys.`,
  );
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata: unknown = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
