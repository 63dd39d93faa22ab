import { CancellationScope } from '@temporalio/workflow';
import { chunks } from '../../concurrency/chunks.ts';
import { SAVE_CHUNK } from '../../contracts/documents/vocabulary.ts';
import type { DocumentOutcome } from '../../contracts/documents/schema.ts';
import { tasks } from '../calls/tasks.ts';
import type { BatchState } from './batch-state.ts';

/** Results wait no longer than this for others to share their transaction, in milliseconds. */
const MAX_WAIT_MS = 5_000;

/** Collects outcomes and saves many in one transaction; later failures do not undo what was saved. */
export interface OutcomeSaver {
  /** Notes an outcome without saving it yet. */
  add(outcome: DocumentOutcome): void;
  /** Saves when a chunk is full or the oldest outcome has waited long enough. */
  saveIfDue(): Promise<void>;
  /** Saves everything that is still waiting. */
  flush(): Promise<void>;
}

/** A saver for one run of a batch. */
export function createOutcomeSaver(state: BatchState): OutcomeSaver {
  let waiting: DocumentOutcome[] = [];
  let lastSavedMs = Date.now();

  // A cancelled batch keeps what was read, so saving is never cancelled.
  const flush = () =>
    CancellationScope.nonCancellable(async () => {
      const due = waiting;
      waiting = [];
      lastSavedMs = Date.now();
      for (const outcomes of chunks(due, SAVE_CHUNK)) {
        await tasks.documents.saveDocuments({
          batchId: state.batchId,
          options: state.options,
          outcomes: [...outcomes],
        });
      }
    });
  return {
    add: (outcome) => {
      waiting.push(outcome);
    },
    saveIfDue: async () => {
      if (waiting.length >= SAVE_CHUNK || Date.now() - lastSavedMs >= MAX_WAIT_MS) await flush();
    },
    flush,
  };
}
