import { batchStanding, type BatchHandle, NotFound } from '../../client/index.ts';
import type { BatchProgress } from '../../contracts/documents/vocabulary.ts';
import { withServices } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { followBatch, reportBatch } from './follow.ts';
import { findTarget } from './lookup.ts';
import { factsTable, print, printJson } from '../terminal/output.ts';
import { documentFacts, progressLine } from './tables.ts';
import type { DocumentContext, DocumentServices } from './ports.ts';

/** `perennial status`: shows the status of a document or a batch. */
export async function status(
  context: DocumentContext,
  id: string,
  options: { json?: boolean; follow?: boolean },
): Promise<number> {
  return withServices(context, async (services) => {
    const target = await findTarget(services, id);
    if (target.kind === 'batch') {
      if (options.follow) return followBatch(context, services, target.batch, options.json === true);
      return batchStatus(context, services, target.batch, options.json === true);
    }
    if (options.json) printJson(context, target.view);
    else print(context, factsTable(documentFacts(target.view)));
    return target.view.status === 'failed' ? exitCodes.failed : exitCodes.ok;
  });
}

async function batchStatus(
  context: DocumentContext,
  services: DocumentServices,
  batch: BatchHandle,
  json: boolean,
): Promise<number> {
  const state = await batchStanding(batch, services.batchRows);
  if (!['running', 'completed', 'cancelled'].includes(state)) return reportBatch(context, services, batch, json);
  const progress = await progressOf(batch);
  if (progress === undefined) return reportBatch(context, services, batch, json);
  if (json) printJson(context, { id: batch.id, status: state, progress });
  else
    print(
      context,
      factsTable({ batch: batch.id, status: state, progress: progressLine(progress), started: progress.startedAt }),
    );
  const someLost = progress.failed + progress.missing > 0 || !['running', 'completed'].includes(state);
  return someLost ? exitCodes.failed : exitCodes.ok;
}

/** The row of a batch stays longer than its run, which then answers nothing. */
async function progressOf(batch: BatchHandle): Promise<BatchProgress | undefined> {
  try {
    return await batch.progress();
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** `perennial cancel`: stops a batch and keeps the documents that have been read. */
export async function cancel(context: DocumentContext, id: string): Promise<number> {
  return tell(context, id, 'Asked to stop; go on with: perennial resume', (_services, batch) => batch.cancel());
}

/** `perennial pause`: starts no further documents of a batch until `resume`. */
export async function pause(context: DocumentContext, id: string): Promise<number> {
  return tell(context, id, 'Paused; go on with: perennial resume', (_services, batch) => batch.pause());
}

/** `perennial resume`: continues a batch that was paused or cancelled or has failed. */
export async function resume(context: DocumentContext, id: string): Promise<number> {
  return tell(context, id, 'Going on; watch it with: perennial status', async ({ client, batches }, batch) => {
    await client.documents.resumeBatch(batch.id, { known: await batches.exists(batch.id) });
  });
}

async function tell(
  context: DocumentContext,
  id: string,
  done: string,
  act: (services: DocumentServices, batch: BatchHandle) => Promise<void>,
): Promise<number> {
  return withServices(context, async (services) => {
    const batch = services.client.documents.getBatch(id);
    await act(services, batch);
    print(context, `${done} ${id}`);
    return exitCodes.ok;
  });
}
