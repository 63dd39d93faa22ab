import { SAVE_CHUNK } from '../../contracts/documents.ts';
import type { DocumentOutcome } from '../../contracts/documents.schema.ts';
import { saveDocuments } from './activities.ts';
import type { BatchState } from './batch-state.ts';

/** Results wait no longer than this for others to share their transaction, in milliseconds. */
const MAX_WAIT_MS = 5_000;

/** Collects outcomes and saves many in one transaction; what was saved is settled whatever happens later. */
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

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const outcomes = waiting.slice(0, SAVE_CHUNK);
      waiting = waiting.slice(SAVE_CHUNK);
      lastSavedMs = Date.now();
      await saveDocuments({ batchId: state.batchId, options: state.options, outcomes });
    }
  };
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
