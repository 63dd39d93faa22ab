/** Follows a batch: progress on standard error, and every outcome at the end. */
import { batchStanding, NotFound, Stopped, type BatchHandle } from '../../client/index.ts';
import type { BatchOutcome } from '../../contracts/documents/schema.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { note, print, printJson } from '../terminal/output.ts';
import { outcomesTable, progressLine } from './tables.ts';
import type { DocumentContext, DocumentServices } from './ports.ts';

const OUTCOMES_PER_CALL = 1_000;

/** Time between two progress lines when the output is not a terminal, in milliseconds. */
const LINE_EVERY_MS = 5_000;

/**
 * Shows the progress until the batch ends, then its outcomes. Ctrl-C stops following; the batch continues.
 */
export async function followBatch(
  context: DocumentContext,
  services: DocumentServices,
  batch: BatchHandle,
  json: boolean,
): Promise<number> {
  // The rows of a batch say how it ended when the server has forgotten its run.
  await showProgress(context, batch).catch(ignoreStopped);
  if (context.signal.aborted) {
    note(
      context,
      `The batch continues. Watch it with: perennial status ${batch.id} --follow. Stop it with: perennial cancel ${batch.id}`,
    );
    return exitCodes.interrupted;
  }
  return reportBatch(context, services, batch, json);
}

async function showProgress(context: DocumentContext, batch: BatchHandle): Promise<void> {
  const live = context.stderr.isTTY === true;
  let shownAt = 0;
  for await (const progress of batch.follow({ signal: context.signal })) {
    if (live) context.stderr.write(`\r\u001b[K${progressLine(progress)}`);
    else if (Date.now() - shownAt >= LINE_EVERY_MS) {
      note(context, progressLine(progress));
      shownAt = Date.now();
    }
  }
  if (live) context.stderr.write('\n');
}

/** Prints the outcomes or the progress of a batch; the exit code says whether every document was read. */
export async function reportBatch(
  context: DocumentContext,
  services: DocumentServices,
  batch: BatchHandle,
  json: boolean,
): Promise<number> {
  const status = await batchStanding(batch, services.batchRows);
  // A failed batch reports its failure; a stopped one still has outcomes.
  if (status === 'failed') await batch.result().catch(ignoreStopped);
  const outcomes = await allOutcomes(services, batch.id);
  const counts = countByStatus(outcomes);
  if (json) printJson(context, { id: batch.id, status, total: outcomes.length, ...counts, outcomes });
  else {
    print(context, outcomesTable(outcomes));
    const { completed, failed, missing, pending } = counts;
    print(
      context,
      `${batch.id} (${status}): ${completed} read, ${failed} failed, ${missing} missing, ${pending} not read yet`,
    );
  }
  return counts.completed === outcomes.length ? exitCodes.ok : exitCodes.failed;
}

function ignoreStopped(error: unknown): void {
  if (!(error instanceof Stopped || error instanceof NotFound)) throw error;
}

/** Returns every outcome in the order of the input. */
export async function allOutcomes({ batches }: DocumentServices, id: string): Promise<BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  for (;;) {
    const page = await batches.outcomes(id, outcomes.at(-1)?.position ?? -1, OUTCOMES_PER_CALL);
    outcomes.push(...page);
    if (page.length < OUTCOMES_PER_CALL) return outcomes;
  }
}

function countByStatus(outcomes: readonly BatchOutcome[]): Record<BatchOutcome['status'], number> {
  const counts = { completed: 0, failed: 0, missing: 0, pending: 0 };
  for (const { status } of outcomes) counts[status] += 1;
  return counts;
}
