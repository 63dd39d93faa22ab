import { Readable } from 'node:stream';
import { INLINE_OUTCOMES } from '../../contracts/documents/vocabulary.ts';
import type { BatchOutcome, BatchSummary, SummariseBatchInput } from '../../contracts/documents/schema.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { DocumentPorts } from './ports.ts';

/** Outcomes read from the database at once. */
const SLICE = 1_000;

/**
 * Closes a batch and lists its outcomes: in the summary itself when they are few, otherwise in a blob of JSON lines.
 */
export async function summariseBatch(
  ports: DocumentPorts,
  { batchId, cancelled }: SummariseBatchInput,
  context: TaskContext,
): Promise<BatchSummary> {
  const { total, completed, failed, missing } = await ports.batches.counts(batchId);
  const head = { batchId, total, saved: completed, failed, missing, pending: total - completed - failed - missing };
  await ports.batches.finish(batchId, cancelled ? 'cancelled' : 'finished');
  if (total <= INLINE_OUTCOMES)
    return { ...head, outcomes: [...(await ports.batches.outcomes(batchId, -1, INLINE_OUTCOMES))] };
  const outcomesRef = await ports.blobs.put('outcomes', Readable.from(outcomeLines(ports, batchId, context)));
  return { ...head, outcomesRef };
}

async function* outcomeLines(ports: DocumentPorts, batchId: string, context: TaskContext): AsyncGenerator<string> {
  let after = -1;
  for (;;) {
    context.signal.throwIfAborted();
    const outcomes: readonly BatchOutcome[] = await ports.batches.outcomes(batchId, after, SLICE);
    for (const outcome of outcomes) yield `${JSON.stringify(outcome)}\n`;
    const last = outcomes.at(-1);
    if (last === undefined || outcomes.length < SLICE) return;
    after = last.position;
  }
}
