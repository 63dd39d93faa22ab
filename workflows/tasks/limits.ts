/**
 * Work that waits its turn: limits of rate and of concurrency by key, which hold
 * across all workers. A run waits, an attempt never does; so nothing fails, no
 * attempts are used up and no slot of a worker is held.
 */
import {
  CancellationScope,
  condition,
  ContinueAsNew,
  defineSignal,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { PerennialError } from '../../contracts/failures.ts';
import { type CallLimit, limitSignals } from '../../contracts/limits/vocabulary.ts';
import { limitTasks } from '../../contracts/limits/tasks.ts';
import { proxyTask } from '../calls/proxies.ts';

const reserve = proxyTask(limitTasks.reserve);
const acquire = proxyTask(limitTasks.acquire);
const release = proxyTask(limitTasks.release);

/** A waiting run is woken by a signal; it also polls, because a signal may be lost and the holder of a place may be gone. */
const FIRST_LOOK_MS = 2_000;
const LONGEST_LOOK_MS = 15_000;
/** Extra delay between two polls for each run before this one. */
const LOOK_MS_AHEAD = 2_000;
const LONGEST_LOOK_BACK_MS = 300_000;

/** Keys whose turn has come. */
export type Turns = Set<string>;

/** What waiting needs of a run. */
export interface Waiting {
  readonly turns: Turns;
  /** Waiting ends with `TaskExpired` at this time, in milliseconds since 1970. */
  readonly expiresAt: number | undefined;
  /** Called when the history has grown long; throws to go on in a new one. */
  readonly goOnAsNew: () => Promise<never>;
}

/** Starts to listen for wake-ups. Before the first await, so that none is missed. */
export function listenForTurns(): Turns {
  const turns: Turns = new Set();
  setHandler(defineSignal<[string]>(limitSignals.granted), (key) => void turns.add(key), {
    description: 'The turn of this run has come for a limit',
  });
  return turns;
}

/**
 * Does work under limits, which must be sorted by key.
 *
 * @throws PerennialError `TaskExpired` when it would have to wait too long
 */
export async function underLimits<T>(
  limits: readonly CallLimit[],
  waiting: Waiting,
  work: () => Promise<T>,
): Promise<T> {
  const [limit, ...others] = limits;
  if (limit === undefined) return work();
  const inner = async (): Promise<T> => {
    if (limit.rate !== undefined) await waitForRate(limit.key, limit.rate, waiting);
    return underLimits(others, waiting, work);
  };
  return limit.concurrency === undefined ? inner() : withPlace(limit.key, limit.concurrency, waiting, inner);
}

async function withPlace<T>(key: string, concurrency: number, waiting: Waiting, work: () => Promise<T>): Promise<T> {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const place = { key, concurrency, holder: `${workflowId}#${firstExecutionRunId}` };
  const giveBack = (): Promise<unknown> => CancellationScope.nonCancellable(() => release(place));
  try {
    await takePlace(place, waiting);
    const result = await work();
    await giveBack();
    return result;
  } catch (error) {
    // Continue-as-new keeps the place.
    if (!(error instanceof ContinueAsNew)) await giveBack();
    throw error;
  }
}

async function takePlace(
  place: { readonly key: string; readonly concurrency: number; readonly holder: string },
  waiting: Waiting,
): Promise<void> {
  for (let look = FIRST_LOOK_MS; ; look = Math.min(look * 2, LONGEST_LOOK_MS)) {
    const { granted, ahead } = await acquire(place);
    if (granted || waiting.turns.has(place.key)) return;
    setCurrentDetails(`Waits for its turn under the limit ${place.key}; ${ahead} before it`);
    const pause = Math.min(look + ahead * LOOK_MS_AHEAD, LONGEST_LOOK_BACK_MS);
    if (await condition(() => waiting.turns.has(place.key), withinExpiry(pause, place.key, waiting))) return;
    if (workflowInfo().continueAsNewSuggested) await waiting.goOnAsNew();
  }
}

async function waitForRate(key: string, rate: NonNullable<CallLimit['rate']>, waiting: Waiting): Promise<void> {
  const holder = workflowInfo().workflowId;
  const { waitMs } = await reserve({ key, holder, rate });
  if (waitMs === 0) return;
  const pause = withinExpiry(waitMs, key, waiting);
  if (pause < waitMs) throw expired(key);
  setCurrentDetails(`Waits ${waitMs} ms for the rate of ${key}`);
  await sleep(pause, { summary: `rate of ${key}`.slice(0, 200) });
}

/** The part of a pause that the expiry leaves. @throws PerennialError `TaskExpired` when nothing is left */
function withinExpiry(pause: number, key: string, { expiresAt }: Waiting): number {
  if (expiresAt === undefined) return pause;
  const left = expiresAt - Date.now();
  if (left <= 0) throw expired(key);
  return Math.min(pause, left);
}

function expired(key: string): PerennialError {
  return new PerennialError(
    'TaskExpired',
    `The turn of the task under the limit ${key} did not come before it expired.`,
  );
}
