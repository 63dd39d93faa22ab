import {
  CancellationScope,
  isCancellation,
  ParentClosePolicy,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { BatchOcrInput } from '../../contracts/documents/schema.ts';
import { documentWorkflowId } from '../../contracts/documents/vocabulary.ts';
import type { ImportInput, ImportResult } from '../../contracts/imports/schema.ts';
import { DEFAULT_IMPORT_WINDOW } from '../../contracts/imports/vocabulary.ts';
import { tasks } from '../calls/tasks.ts';
import { firstRunId } from '../calls/kept-steps.ts';
import { chain, group } from '../calls/composition.ts';
import { batchOcr } from '../documents/batch-ocr.ts';
import { failureOf } from '../failures.ts';
import { count, type ImportState, newState, progressOf } from './import-state.ts';
import { progressQuery } from './messages.ts';

/**
 * Imports a file: download, parse, validate each record and save the good ones, range by range concurrently, clean up.
 * Bad records are counted and explained and never fail the import. The temporary file is removed in every case, an upload
 * when the import has succeeded, or was cancelled and belongs to no canvas; otherwise it goes with the row of the import.
 * @param input - what to import, or only its address, as Celery applications call it
 * @throws ApplicationFailure with a type of the failure registry when the file as a whole cannot be imported
 */
export async function dataImport(input: ImportInput | string): Promise<ImportResult> {
  // Rows and files belong to the first run, because a reset or a redrive gives the run another id.
  const { workflowId } = workflowInfo();
  const runId = firstRunId();
  const state = newState(workflowId, runId, typeof input === 'string' ? { source: { url: input } } : input, Date.now());
  setHandler(progressQuery, () => progressOf(state, Date.now()));
  try {
    const result = await importFile(state);
    return await closeSaved(state, result);
  } catch (error) {
    await CancellationScope.nonCancellable(() => closeFailed(state, error));
    throw error;
  }
}

async function importFile(state: ImportState): Promise<ImportResult> {
  const { importId, runId, input } = state;
  await tasks.imports.download({ importId, runId, input });
  state.phase = 'parsing';
  const { layout, ranges } = await tasks.imports.parse({ importId, runId });
  Object.assign(state, { phase: 'saving', bytes: layout.bytes, savingSinceMs: Date.now() });
  await saveRanges(state, ranges);
  if (input.schema === 'documents' && input.dryRun !== true) await tasks.imports.fetchDocuments({ importId, runId });
  state.phase = 'finishing';
  const result = await tasks.imports.finish({ importId, runId, status: 'finished' });
  const batchId = await startOcr(state);
  return batchId === undefined ? result : { ...result, batchId };
}

async function saveRanges(state: ImportState, ranges: number): Promise<void> {
  const { importId, runId } = state;
  await group(
    Array.from({ length: ranges }, (_, range) =>
      chain(tasks.imports.save({ importId, runId, range }), (saved) => count(state, saved)),
    ),
    { limit: state.input.window ?? DEFAULT_IMPORT_WINDOW, join: 'stop' },
  );
}

/** Hands the documents of the list over to a batch, which outlives this import. */
async function startOcr({ importId, runId, input }: ImportState): Promise<string | undefined> {
  if (input.startOcr === undefined || input.dryRun === true) return undefined;
  const { manifest } = await tasks.imports.listDocuments({ importId, runId });
  if (manifest === undefined) return undefined;
  const reading = input.startOcr === true ? {} : input.startOcr;
  const batchId = documentWorkflowId('batchOcr', importId);
  const batch: BatchOcrInput = { ...reading, manifest };
  try {
    await startChild(batchOcr, { workflowId: batchId, args: [batch], parentClosePolicy: ParentClosePolicy.ABANDON });
  } catch (error) {
    // An import that was reset finds the batch that it has started before.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return batchId;
}

/** Removes the temporary file; a cancel at this point comes too late, because all rows are saved. */
async function closeSaved(state: ImportState, result: ImportResult): Promise<ImportResult> {
  state.phase = 'cleaning';
  await CancellationScope.nonCancellable(() => tasks.imports.cleanup({ ...cleanupOf(state), result }));
  state.phase = 'finished';
  return result;
}

async function closeFailed(state: ImportState, error: unknown): Promise<void> {
  const cancelled = isCancellation(error);
  state.phase = cancelled ? 'cancelled' : 'failed';
  const { importId, runId } = state;
  const failure = failureOf(error);
  await tasks.imports.finish({ importId, runId, status: state.phase, ...(cancelled ? {} : { failure }) });
  // A redrive reads the upload again: that of an import that failed, or of the canvas with which one was stopped.
  const isOver = cancelled && workflowInfo().parent === undefined;
  await tasks.imports.cleanup(isOver ? cleanupOf(state) : { importId, runId });
}

function cleanupOf({ importId, runId, input }: ImportState): Parameters<typeof tasks.imports.cleanup>[0] {
  const upload = input.source.blob;
  return { importId, runId, ...(upload === undefined ? {} : { upload }) };
}
