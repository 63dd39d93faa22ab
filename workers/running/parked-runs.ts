/** Wakes the runs that wait for a breaker that somebody has set. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NotFound } from '../../client/index.ts';
import type { Rpc } from '../../client/connection/rpc.ts';
import { breakerSignals } from '../../contracts/breakers/vocabulary.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import type { Logger } from '../../observability/logger.ts';
import type { ParkedRun, ParkedRuns } from '../../services/breakers/port.ts';

/** What {@link wakeParkedRuns} needs. */
export interface Waking {
  readonly rpc: Rpc;
  readonly parked: ParkedRuns;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Pause between two looks, in milliseconds. */
const EVERY_MS = SECOND_MS;

/**
 * Looks every second, until `close`. Processes that look at once share the runs. One that cannot be told is told later; one
 * that nobody tells asks by itself when its time is over.
 */
export function wakeParkedRuns(waking: Waking): { close(): Promise<void> } {
  const closing = new AbortController();
  const working = (async () => {
    while (!closing.signal.aborted) {
      try {
        const runs = await waking.parked.due();
        await Promise.all(runs.map((run) => wake(waking, run)));
      } catch (err) {
        waking.logger.warn({ err }, 'runs whose breaker was set could not be woken; the next look is in a second');
      }
      await sleep(EVERY_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  return {
    close: async () => {
      closing.abort();
      await working;
    },
  };
}

async function wake({ rpc, parked, logger }: Waking, run: ParkedRun): Promise<void> {
  const { workflowId, key } = run;
  try {
    // Without the id of the run: one that continued as new is the same.
    await rpc.call(workflowId, (client) => client.workflow.getHandle(workflowId).signal(breakerSignals.set, key));
  } catch (err) {
    // One that has ended needs no call.
    if (!(err instanceof NotFound)) {
      logger.warn({ err, workflowId, provider: key }, 'a run could not be told that its breaker was set');
      return;
    }
  }
  await parked.woken(run);
}
