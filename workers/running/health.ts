/** The health server of a worker process. */
import type { Worker } from '@temporalio/worker';
import type { Registry } from 'prom-client';
import type { Config } from '../../config/types.ts';
import type { CheckText } from '../../contracts/housekeeping/vocabulary.ts';
import { type HealthServer, startHealthServer } from '../../observability/health.ts';
import type { Logger } from '../../observability/logger.ts';
import { monitorEventLoop } from '../../observability/metrics/event-loop.ts';

/** The parts of a worker process that its health depends on. */
export interface WorkerParts {
  readonly database: { check(): Promise<void> };
  readonly blobs: { check(): Promise<void> };
  readonly workers: readonly Worker[];
  /** What `/metrics` gives. */
  readonly registry: Registry;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Serves the health of the process (whether its stores are writable, and whether all of its queues are served) and its
 * metrics, and logs each block of its event loop.
 */
export async function startHealth(
  { allowedHosts, worker: { healthHost: host, healthPort: port } }: Config,
  { database, blobs, workers, registry, logger }: WorkerParts,
): Promise<HealthServer> {
  const eventLoop = monitorEventLoop({
    registry,
    onBlock: (delayMs) => {
      logger.warn({ delayMs: Math.round(delayMs) }, 'event loop was blocked');
    },
  });
  const server = await startHealthServer({
    host,
    port,
    hosts: [...allowedHosts, host],
    checks: {
      database: () => database.check().then(() => 'ok'),
      blobs: () => blobs.check().then(() => 'ok'),
      workers: () => Promise.resolve(servedText(workers)),
    },
    onError: (check, err) => {
      logger.warn({ check, err }, 'readiness check failed');
    },
    metrics: () => registry.metrics(),
  });
  return {
    port: server.port,
    close: () => {
      eventLoop.close();
      return server.close();
    },
  };
}

function servedText(workers: readonly Worker[]): CheckText {
  const running = workers.filter((worker) => worker.getState() === 'RUNNING').length;
  const { length } = workers;
  return running === length ? 'ok' : `error: ${String(running)} of ${String(length)} queues are served`;
}
