import {
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { runWindow } from '../../concurrency/window.ts';
import { DEFAULT_READING, DEFAULT_WINDOW } from '../../contracts/documents/vocabulary.ts';
import type { BatchItem, BatchOcrInput, BatchSummary } from '../../contracts/documents/schema.ts';
import { tasks } from '../calls/tasks.ts';
import { failureOf } from '../failures.ts';
import { begin, type BatchState, count, finish, progressOf } from './batch-state.ts';
import { pauseSignal, progressQuery, resumeSignal } from './messages.ts';
import { createOutcomeSaver, type OutcomeSaver } from './outcome-saver.ts';
import { readWholeDocument } from './read-document.ts';

/** Entries fetched at once: large enough to be rare, small enough for the history. */
const FETCH = 500;

/**
 * Reads a batch of documents: prepare, read each concurrently within a window, save, summarise. A bad document never
 * fails the batch. Starting a batch again under its id continues with the pending documents.
 * @param carried - set by continue-as-new only
 * @throws ApplicationFailure `InvalidInput` or `EmptyBatch` before anything is read
 */
export async function batchOcr(input: BatchOcrInput, carried?: BatchState): Promise<BatchSummary> {
  const state = carried ?? newState(input);
  setHandler(progressQuery, () => progressOf(state, Date.now()));
  setHandler(pauseSignal, () => void (state.paused = true));
  setHandler(resumeSignal, () => void (state.paused = false));
  const summary = await readBatch(input, state, carried !== undefined);
  return summary === 'more' ? continueAsNew<typeof batchOcr>(input, state) : summary;
}

async function readBatch(input: BatchOcrInput, state: BatchState, prepared: boolean): Promise<BatchSummary | 'more'> {
  try {
    if (!prepared) begin(state, await tasks.documents.prepareBatch({ batchId: state.batchId, input }));
    if ((await readPending(state)) === 'more') return 'more';
    state.phase = 'finishing';
    const summary = await tasks.documents.summariseBatch({ batchId: state.batchId, cancelled: false });
    finish(state, summary);
    return summary;
  } catch (error) {
    if (isCancellation(error)) await closeCancelled(state);
    throw error;
  }
}

function newState(input: BatchOcrInput): BatchState {
  return {
    batchId: workflowInfo().workflowId,
    startedAtMs: Date.now(),
    // The input is checked by prepareBatch; until then it may be anything, so it is read with care.
    window: clampWindow((input as BatchOcrInput | null)?.window),
    phase: 'preparing',
    paused: false,
    options: DEFAULT_READING,
    total: 0,
    completed: 0,
    failed: 0,
    missing: 0,
    doneBefore: 0,
    after: -1,
    inFlight: 0,
  };
}

function clampWindow(wanted: number | undefined): number {
  return Number.isInteger(wanted) ? Math.max(1, Math.min(Number(wanted), 500)) : DEFAULT_WINDOW;
}

/** Reads until nothing is pending, or until the history is long enough for a new run (`more`). */
async function readPending(state: BatchState): Promise<'done' | 'more'> {
  const saver = createOutcomeSaver(state);
  const source = pendingItems(state);
  try {
    await runWindow({ limit: state.window, next: source.next, work: (item) => readOne(state, saver, item) });
  } finally {
    await saver.flush();
  }
  return source.exhausted() ? 'done' : 'more';
}

/** Hands out pending entries one by one, fetching them in slices; loops that ask while a fetch runs share it. */
function pendingItems(state: BatchState): { next: () => Promise<BatchItem | undefined>; exhausted: () => boolean } {
  let buffer: BatchItem[] = [];
  let exhausted = false;
  let fetching: Promise<void> | undefined;
  const historyIsLong = () => workflowInfo().continueAsNewSuggested;

  const fetch = async (): Promise<void> => {
    const { items } = await tasks.documents.nextItems({ batchId: state.batchId, after: state.after, limit: FETCH });
    buffer = items;
    exhausted = items.length < FETCH;
    fetching = undefined;
  };
  const next = async (): Promise<BatchItem | undefined> => {
    if (state.paused) await condition(() => !state.paused);
    while (buffer.length === 0 && !exhausted && !historyIsLong()) await (fetching ??= fetch());
    if (historyIsLong()) return undefined;
    const item = buffer.shift();
    if (item !== undefined) state.after = item.position;
    return item;
  };
  return { next, exhausted: () => exhausted && buffer.length === 0 };
}

async function readOne(state: BatchState, saver: OutcomeSaver, item: BatchItem): Promise<void> {
  state.inFlight += 1;
  try {
    await readWholeDocument(item.documentId, state.options);
    saver.add({ ...item, status: 'completed' });
    count(state, 'completed');
  } catch (error) {
    if (isCancellation(error)) {
      saver.add({ ...item, status: 'released' });
      throw error;
    }
    saver.add({ ...item, status: 'failed', failure: failureOf(error) });
    count(state, 'failed');
  } finally {
    state.inFlight -= 1;
  }
  await saver.saveIfDue();
}

/** Closes a batch that was cancelled: documents that were read are kept, the others stay pending. */
async function closeCancelled(state: BatchState): Promise<void> {
  state.phase = 'cancelled';
  await CancellationScope.nonCancellable(() =>
    tasks.documents.summariseBatch({ batchId: state.batchId, cancelled: true }),
  );
}
