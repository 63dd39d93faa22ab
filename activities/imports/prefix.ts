import { createHash } from 'node:crypto';

/** Where blobs of imports are that nobody needs once the import is over. */
export const TEMPORARY = 'imports';

/** Where the temporary blobs of one run are: nobody else's, since equal files of two imports would share a blob. */
export function temporaryPrefix(runId: string): string {
  return `${TEMPORARY}/${createHash('sha256').update(runId).digest('hex').slice(0, 32)}`;
}
