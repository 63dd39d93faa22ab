/** The health server of a worker process. */
import type { Worker } from '@temporalio/worker';
import type { Config } from '../config/types.ts';
import type { CheckText } from '../contracts/housekeeping/vocabulary.ts';
import { type HealthServer, startHealthServer } from '../observability/health.ts';

/** Serves the health of the process: whether the database answers, and whether all of its queues are served. */
export function startHealth(
  { healthHost: host, healthPort: port }: Pick<Config['worker'], 'healthHost' | 'healthPort'>,
  checkDatabase: () => Promise<void>,
  workers: readonly Worker[],
): Promise<HealthServer> {
  return startHealthServer({
    host,
    port,
    checks: {
      database: () => checkDatabase().then(() => 'ok'),
      workers: () => Promise.resolve(servedText(workers)),
    },
  });
}

function servedText(workers: readonly Worker[]): CheckText {
  const running = workers.filter((worker) => worker.getState() === 'RUNNING').length;
  const { length } = workers;
  return running === length ? 'ok' : `error: ${String(running)} of ${String(length)} queues are served`;
}
