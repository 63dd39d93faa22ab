/** The next runs of a redrive of many, which its workflow asks for again and again. */
import { runWindow } from '../../concurrency/window.ts';
import type { RedriveRunsInput, RedriveRunsOutput } from '../../contracts/dlq/task-schemas.schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import type { NextRuns } from '../../services/dlq/port.ts';
import { Unavailable } from '../connection/errors.ts';
import { pauseFor } from '../connection/rpc.ts';
import type { ClientContext } from '../domain.ts';
import { redriveRun, reasonOf } from './redrive.ts';
import type { DeadLetter, DeadLetterRecords } from './types.ts';

/** Runs that are started side by side: each waits for the server a few times. */
const AT_ONCE = 8;

/**
 * Starts the next runs again. When the process dies, the same input goes on with the same runs: what was started is
 * counted, and not started again.
 *
 * @throws PerennialError `BackendUnavailable` where the server does not answer: the run is tried again
 */
export async function redriveRuns(
  context: Pick<ClientContext, 'rpc' | 'gate'>,
  records: DeadLetterRecords,
  { filter, perSecond, ...options }: RedriveRunsInput,
  signal: AbortSignal,
): Promise<RedriveRunsOutput> {
  const { runs, left, quarantined } = await records.nextRuns(filter, options);
  const counts = { done: 0, taken: 0 };
  const failed: { workflowId: string; reason: string }[] = [];
  await runWindow({
    limit: AT_ONCE,
    next: paced(runs, perSecond, signal),
    work: async ({ letter }) => {
      const ended = await redriveOne(context, records, letter, options);
      if (ended === 'done' || ended === 'taken') counts[ended] += 1;
      else failed.push({ workflowId: letter.workflowId, reason: ended.reason });
    },
  });
  signal.throwIfAborted();
  return { ...counts, failed, left: left - runs.length, quarantined, after: runs.at(-1)?.position ?? null };
}

/** Gives run after run, each no sooner than its rate allows. */
function paced(
  runs: NextRuns['runs'],
  perSecond: number,
  signal: AbortSignal,
): () => Promise<NextRuns['runs'][number] | undefined> {
  const startedAt = Date.now();
  let given = 0;
  return async () => {
    const run = runs[given];
    const at = startedAt + (given / perSecond) * SECOND_MS;
    given += 1;
    if (run !== undefined) await pauseFor(Math.max(0, at - Date.now()), signal);
    return signal.aborted ? undefined : run;
  };
}

async function redriveOne(
  context: Pick<ClientContext, 'rpc' | 'gate'>,
  records: DeadLetterRecords,
  letter: DeadLetter,
  { redrive, by, reason, whole }: Omit<RedriveRunsInput, 'filter' | 'perSecond'>,
): Promise<'done' | 'taken' | { readonly reason: string }> {
  if (letter.resolved) return 'done'; // by an attempt before
  try {
    return (await redriveRun(context, records, letter, { by, reason, redrive }, { whole })) === undefined
      ? 'taken'
      : 'done';
  } catch (error) {
    if (error instanceof Unavailable) throw new PerennialError('BackendUnavailable', error.message, { cause: error });
    if (error instanceof PerennialError && RETRIED.has(error.type)) throw error;
    return { reason: reasonOf(error) };
  }
}

/** What is away for everybody says nothing about a run. */
const RETRIED: ReadonlySet<string> = new Set(['DatabaseUnavailable', 'StorageUnavailable']);
