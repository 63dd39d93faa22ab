/** Keeps the heartbeat of a worker process, by which readiness sees within seconds that a process no longer works. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from '@temporalio/worker';
import type { Logger } from '../../observability/logger.ts';
import type { WorkerHeartbeats } from '../../services/queues/port.ts';

/** Pause between two heartbeats, in milliseconds. */
const EVERY_MS = 3_000;

/** What {@link keepHeartbeats} needs. */
export interface HeartbeatOptions {
  readonly heartbeats: WorkerHeartbeats;
  readonly workers: readonly Worker[];
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Sends a heartbeat now and every three seconds, with the queues that the process polls at the time. `close` ends it
 * and removes the process from the running ones; a heartbeat that fails is logged, and the next one follows.
 */
export function keepHeartbeats({ heartbeats, workers, logger }: HeartbeatOptions): { close(): Promise<void> } {
  const id = randomUUID();
  const closing = new AbortController();
  const polled = (): string[] =>
    workers.filter((worker) => worker.getState() === 'RUNNING').map(({ options }) => options.taskQueue);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (err) {
      logger.warn({ err }, 'the heartbeat of this process could not be stored');
    }
  };
  const beating = (async () => {
    while (!closing.signal.aborted) {
      await attempt(() => heartbeats.beat({ id, host: hostname(), queues: polled() }));
      await sleep(EVERY_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  return {
    close: async () => {
      closing.abort();
      await beating;
      await attempt(() => heartbeats.stop(id));
    },
  };
}
