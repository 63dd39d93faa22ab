import { CancellationScope, continueAsNew, isCancellation, setHandler, workflowInfo } from '@temporalio/workflow';
import { runWindow } from '../../concurrency/window.ts';
import { BULK_CHUNK, BULK_WINDOW, type BulkProgress } from '../../contracts/email/vocabulary.ts';
import type {
  BulkEmailInput,
  BulkEmailSummary,
  ChunkOutcome,
  PrepareBulkOutput,
} from '../../contracts/email/schema.ts';
import { tasks } from '../calls/tasks.ts';
import { bulkProgressQuery } from './messages.ts';
import { countChunk, newRounds, type RoundsState, runRounds } from './rounds.ts';

/** The state of a running bulk; a chunk is identified by the position of its first recipient. */
interface BulkState extends RoundsState<number> {
  readonly bulkId: string;
  phase: BulkProgress['phase'];
  prepared: PrepareBulkOutput | null;
  /** Place of the first recipient that no activity was started for. */
  next: number;
}

/**
 * Sends one message to many: prepare, send chunks concurrently, retry the recipients whose server asked to wait, list
 * one outcome for each recipient. Starting a bulk again under its id continues with what was not sent.
 * @param carried - set by continue-as-new only
 * @throws ApplicationFailure `InvalidInput`, or the failure of an attachment, before anything is sent
 */
export async function sendBulkEmails(input: BulkEmailInput, carried?: BulkState): Promise<BulkEmailSummary> {
  const state = carried ?? newState();
  setHandler(bulkProgressQuery, () => progressOf(state));
  const summary = await sendAll(input, state);
  return summary === 'more' ? continueAsNew<typeof sendBulkEmails>(emptied(input), state) : summary;
}

function newState(): BulkState {
  return { ...newRounds<number>(), bulkId: workflowInfo().workflowId, phase: 'preparing', prepared: null, next: 0 };
}

/** The input of the next run, without list and text, which are stored by then. */
function emptied({ subject }: BulkEmailInput): BulkEmailInput {
  return { subject, body: '' };
}

function progressOf({ phase, prepared, round, tally }: BulkState): BulkProgress {
  return { phase, round, total: prepared?.total ?? 0, ...tally };
}

async function sendAll(input: BulkEmailInput, state: BulkState): Promise<BulkEmailSummary | 'more'> {
  try {
    const prepared = (state.prepared ??= await tasks.email.prepareBulk({ bulkId: state.bulkId, input }));
    state.phase = 'sending';
    if ((await sendChunks(state, prepared)) === 'more') return 'more';
    state.phase = 'finishing';
    const summary = await tasks.email.finishBulk({ bulkId: state.bulkId, total: prepared.total });
    state.phase = 'finished';
    return summary;
  } catch (error) {
    if (isCancellation(error)) await closeCancelled(state);
    throw error;
  }
}

async function sendChunks(state: BulkState, prepared: PrepareBulkOutput): Promise<'done' | 'more'> {
  const { bulkId } = state;
  const { recipients, message, total } = prepared;
  const send = (first: number, round: number): Promise<ChunkOutcome> =>
    tasks.email.sendBulkChunk({
      bulkId,
      recipients,
      message,
      first,
      count: Math.min(BULK_CHUNK, total - first),
      round,
    });
  const next = (): Promise<number | undefined> => {
    if (state.next >= total || workflowInfo().continueAsNewSuggested) return Promise.resolve(undefined);
    const first = state.next;
    state.next += BULK_CHUNK;
    return Promise.resolve(first);
  };
  await runWindow<number>({
    limit: BULK_WINDOW,
    next,
    work: async (first) => {
      countChunk(state, first, await send(first, 1));
    },
  });
  return state.next < total ? 'more' : runRounds(state, BULK_WINDOW, send);
}

/** Records the outcomes of a cancelled bulk; the other recipients stay pending. */
async function closeCancelled(state: BulkState): Promise<void> {
  state.phase = 'cancelled';
  const { bulkId, prepared } = state;
  if (prepared === null) return;
  await CancellationScope.nonCancellable(() => tasks.email.finishBulk({ bulkId, total: prepared.total }));
}
