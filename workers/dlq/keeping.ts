/** Keeps dead letters: notes each run that has failed for good, once, and gives what is to happen because of it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { type FailedRun, failedSince, readFailedRun, unreadable } from '../../client/dlq/failed-runs.ts';
import { keepRun } from '../../client/dlq/keep-run.ts';
import type { Rpc } from '../../client/connection/rpc.ts';
import type { DeadLetter } from '../../contracts/dlq/schema.ts';
import { MINUTE_MS, SECOND_MS } from '../../contracts/values/units.ts';
import { withinLimit } from '../../contracts/values/within-limit.ts';
import type { Logger } from '../../observability/logger.ts';
import type { DeadLetterRecorder, KeptRun } from '../../services/dlq/port.ts';
import { lettersOf } from './letters.ts';

/** Something that happens because of a dead letter. It may be given twice when a process dies in between. */
export interface DeadLetterNotice {
  readonly kind: string;
  /** @throws when it is to be tried again later */
  readonly give: (letter: DeadLetter) => Promise<void>;
}

/** What {@link keepDeadLetters} needs. */
export interface DeadLetterKeeping {
  readonly rpc: Rpc;
  readonly recorder: DeadLetterRecorder;
  /** Version of the code, which stands in each letter. */
  readonly version: string;
  readonly notices: readonly DeadLetterNotice[];
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/** Pause between two looks, in milliseconds. */
const EVERY_MS = SECOND_MS;

/** The server lists a run a little after it has closed, and its clock is not ours. */
const MARGIN_MS = 30 * SECOND_MS;

/** Runs that are read side by side. */
const READ_AT_ONCE = 8;

/** A run whose failure cannot be read for so long is noted without it. */
const GIVE_UP_MS = 5 * MINUTE_MS;

/** Longest that a notice may take. */
const NOTICE_MS = 15 * SECOND_MS;

/**
 * Looks every second, until `close`. Of all processes that do, one works at a time. A look that fails is logged, and the
 * next one begins where it began, so that nothing is left out; what is noted already is not noted again.
 */
export function keepDeadLetters(keeping: DeadLetterKeeping): { close(): Promise<void> } {
  const keeper = randomUUID();
  const closing = new AbortController();
  const working = (async () => {
    while (!closing.signal.aborted) {
      try {
        if (await keeping.recorder.keep(keeper)) {
          await look(keeping);
          await give(keeping, closing.signal);
        }
      } catch (err) {
        keeping.logger.warn({ err }, 'failed runs could not be noted; the next look is in a second');
      }
      await sleep(EVERY_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  return {
    close: async () => {
      closing.abort();
      await working;
      // Without it, others take over when ten seconds have passed.
      await keeping.recorder.leave(keeper).catch(() => undefined);
    },
  };
}

/** Notes every run that has failed since the look before. */
async function look(keeping: DeadLetterKeeping): Promise<void> {
  const { rpc, recorder } = keeping;
  const until = new Date(Date.now() - MARGIN_MS);
  const since = new Date((await recorder.lookedUntil()).getTime() - MARGIN_MS);
  let isWhole = true;
  for await (const runs of inBatches(failedSince(rpc, since), READ_AT_ONCE)) {
    const unrecorded = await recorder.unrecorded(runs.map(({ runId }) => runId));
    const noted = runs.filter(({ runId }) => unrecorded.has(runId)).map((run) => note(keeping, run));
    if ((await Promise.all(noted)).includes(false)) isWhole = false;
  }
  if (isWhole) await recorder.lookedTo(until);
}

/** Notes a run. @returns whether it is noted */
async function note({ rpc, recorder, version, notices, logger }: DeadLetterKeeping, run: WorkflowExecutionInfo) {
  const { workflowId, runId } = run;
  let failed: FailedRun;
  let kept: KeptRun | undefined;
  try {
    failed = await readFailedRun(rpc, run);
    kept = await keepRun(rpc, recorder, run);
  } catch (err) {
    const isOld = Date.now() - (run.closeTime?.getTime() ?? 0) > GIVE_UP_MS;
    logger.warn({ err, workflowId, runId }, 'what failed in a run could not be read');
    if (!isOld) return false;
    failed = unreadable(run);
  }
  const letters = lettersOf(failed, version);
  const isNew = await recorder.record(
    runId,
    letters,
    notices.map(({ kind }) => kind),
    kept,
  );
  if (isNew)
    for (const { taskId, taskName, errorType, fingerprint } of letters)
      logger.error({ workflowId, taskId, task: taskName, failure: errorType, fingerprint }, 'task failed for good');
  return true;
}

/** Gives the notices that are due. */
async function give({ recorder, notices, logger }: DeadLetterKeeping, signal: AbortSignal): Promise<void> {
  let wasOne = true;
  while (wasOne && !signal.aborted)
    wasOne = await recorder.takeNotice(async ({ kind, letter, tries }) => {
      const notice = notices.find((one) => one.kind === kind);
      if (notice === undefined) return; // the configuration has changed since
      try {
        await withinLimit(() => notice.give(letter), NOTICE_MS);
      } catch (err) {
        logger.warn({ err, kind, taskId: letter.taskId, tries }, 'a notice of a dead letter failed');
        throw err;
      }
    });
}

async function* inBatches<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let batch: T[] = [];
  for await (const one of all) {
    batch.push(one);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
