/** How packs travel: one activity for many calls. */
import {
  ActivityCancellationType,
  ActivityFailure,
  type CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { Lane } from '../../canvas/packing/ports.ts';
import type { AnyTask } from '../../contracts/catalogue.ts';
import { findTask } from './catalogue.ts';
import {
  type Pack,
  PACK_ACTIVITY,
  PACK_ATTEMPTS,
  PACK_BUDGET_MS,
  PACK_HEARTBEAT_MS,
  type PackOutcomes,
  type PackReport,
} from '../../contracts/tasks/packs.ts';

/** Beyond the budget and the longest call: time for the way back. */
const SLACK_MS = 30_000;

/**
 * Sends a pack and waits for its report. One that is cancelled alone is called back: what it has not begun is not done.
 *
 * @param run - the scope of the whole run
 * @returns what was done; `died` where no report came because its workers died or do not know packs
 * @throws CancelledFailure when the run is cancelled
 */
export async function sendPack(
  run: CancellationScope,
  { queue, priority }: Lane,
  pack: Pack,
  tasks: readonly string[],
): Promise<PackReport & { readonly died?: boolean }> {
  const rows = tasks.map((name): AnyTask | undefined => findTask(name));
  const longest = (of: (task: AnyTask) => number): number =>
    rows.reduce((most, task) => Math.max(most, task === undefined ? 0 : of(task)), 0);
  const hardMs = Math.max(
    longest(({ limits }) => limits.hardMs),
    ...pack.items.map(([step]) => step?.hardMs ?? 0),
  );
  const activities = proxyActivities<Record<typeof PACK_ACTIVITY, (pack: Pack) => Promise<PackReport>>>({
    taskQueue: queue,
    startToCloseTimeout: PACK_BUDGET_MS + hardMs + SLACK_MS,
    heartbeatTimeout: Math.max(
      PACK_HEARTBEAT_MS,
      longest(({ limits }) => limits.heartbeatMs),
    ),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    // Not an error of a call: those are outcomes. A worker died, and the next one goes on with what is left.
    retry: { maximumAttempts: PACK_ATTEMPTS, initialInterval: '1 second', backoffCoefficient: 1 },
    summary: `${pack.items.length} × ${tasks.join(', ')}`.slice(0, 200),
    ...(priority === undefined ? {} : { priority: { priorityKey: priority } }),
  });
  try {
    return await activities[PACK_ACTIVITY](pack);
  } catch (error) {
    // Whatever a pack ends with once the run was cancelled is the cancellation.
    if (run.consideredCancelled) throw isCancellation(error) ? error : new CancelledFailure('cancelled');
    // No worker had taken it yet.
    if (isCancellation(error)) return { outcomes: [], spent: {} };
    if (!(error instanceof ActivityFailure)) throw error;
    const told = error.cause instanceof TimeoutFailure ? error.cause.lastHeartbeatDetails : undefined;
    return { outcomes: (told ?? []) as PackOutcomes, spent: {}, died: true }; // the pack beats with nothing else
  }
}

/**
 * Settles when everything that is ready in this turn of the workflow has gone
 * as far as it can. The SDK looks at conditions when nothing else is left to do,
 * at first and in every replay alike.
 */
export async function drained(): Promise<void> {
  let looks = 0;
  await condition(() => (looks += 1) > 1);
}
