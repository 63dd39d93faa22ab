import type { CleanupInput, CleanupOutput } from '../../contracts/imports/schema.ts';
import type { ImportPorts } from './ports.ts';
import { TEMPORARY, temporaryPrefix } from './prefix.ts';

/**
 * Deletes the temporary files of the import after success, failure and cancellation alike, and returns the result
 * unchanged.
 */
export async function cleanup(ports: ImportPorts, { runId, upload, result }: CleanupInput): Promise<CleanupOutput> {
  await ports.blobs.removeAll(temporaryPrefix(runId));
  // Only an upload made for this import is deleted; a blob that belongs to something else stays.
  const isTemporary = upload?.key.startsWith(`${TEMPORARY}/`) === true;
  if (isTemporary && !(await ports.imports.isUploadNeeded(runId, upload))) await ports.blobs.remove(upload);
  await ports.imports.forgetFile(runId);
  return { removed: true, ...(result === undefined ? {} : { result }) };
}
