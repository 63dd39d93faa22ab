import type { CleanupInput, CleanupOutput } from '../../contracts/imports/schema.ts';
import type { ImportPorts } from './ports.ts';
import { TEMPORARY, temporaryPrefix } from './prefix.ts';

/** Removes what the import had put aside, after success, failure and cancel alike; the result is passed through (IMPORT-6). */
export async function cleanup(ports: ImportPorts, { runId, upload, result }: CleanupInput): Promise<CleanupOutput> {
  await ports.blobs.removeAll(temporaryPrefix(runId));
  // An upload for this import goes with it; a blob that belongs to something else stays.
  if (upload?.key.startsWith(`${TEMPORARY}/`) === true) await ports.blobs.remove(upload);
  await ports.imports.forgetFile(runId);
  return { removed: true, ...(result === undefined ? {} : { result }) };
}
