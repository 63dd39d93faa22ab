import { executeChild, isCancellation } from '@temporalio/workflow';
import type { FailureRecord } from '../../contracts/failures.ts';
import type { ImportInput, ImportResult, SyncSource } from '../../contracts/imports/schema.ts';
import { importWorkflowId, shownUrl } from '../../contracts/imports/vocabulary.ts';
import { tasks } from '../calls/tasks.ts';
import { firstRunId } from '../calls/kept-steps.ts';
import { failureOf } from '../failures.ts';
import { dataImport } from './data-import.ts';

/** What became of one address. */
export interface SyncedSource {
  readonly source: string;
  readonly outcome:
    | { readonly ok: true; readonly value: Pick<ImportResult, 'importId' | 'read' | 'saved' | 'rejected' | 'skipped'> }
    | { readonly ok: false; readonly failure: FailureRecord };
}

/** What {@link syncExternalData} returns. */
export interface SyncResult {
  readonly status: 'nothing-configured' | 'synchronised' | 'partial';
  readonly sources: readonly SyncedSource[];
}

/** Imports the addresses of SYNC_URLS one after the other. An address that fails does not stop the others. */
export async function syncExternalData(): Promise<SyncResult> {
  const { sources } = await tasks.imports.listSyncSources({});
  const synced: SyncedSource[] = [];
  for (const [index, source] of sources.entries()) synced.push(await syncOne(source, index));
  if (synced.length === 0) return { status: 'nothing-configured', sources: [] };
  return { status: synced.every(({ outcome }) => outcome.ok) ? 'synchronised' : 'partial', sources: synced };
}

async function syncOne({ url, schema, dataset }: SyncSource, index: number): Promise<SyncedSource> {
  const input: ImportInput = { source: { url }, schema, ...(dataset === undefined ? {} : { dataset }) };
  // A schedule starts each run under an id of its own; a caller may use one id again.
  const workflowId = importWorkflowId(`sync-${firstRunId().slice(0, 8)}-${String(index)}`);
  try {
    const { importId, read, saved, rejected, skipped } = await executeChild(dataImport, { workflowId, args: [input] });
    return { source: shownUrl(url), outcome: { ok: true, value: { importId, read, saved, rejected, skipped } } };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { source: shownUrl(url), outcome: { ok: false, failure: childFailure(error) } };
  }
}

/** The cause of a child workflow failure is the failure of the import. */
function childFailure(error: unknown): FailureRecord {
  return failureOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
