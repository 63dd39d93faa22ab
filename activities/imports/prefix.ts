import { createHash } from 'node:crypto';

/** Prefix of the blobs that are useless once their import is over. */
export const TEMPORARY = 'imports';

/**
 * Returns the prefix for the temporary blobs of one run. Each run has its own, because equal files of two imports would
 * otherwise share a blob.
 */
export function temporaryPrefix(runId: string): string {
  return `${TEMPORARY}/${createHash('sha256').update(runId).digest('hex').slice(0, 32)}`;
}
