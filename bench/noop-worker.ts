/** The worker of the product with {@link createNoopReader} in place of the reader; all else is real. */
import { Runtime } from '@temporalio/worker';
import { forceUtc, loadConfigOrExit } from '../config/load.ts';
import { startHealthServer } from '../observability/health.ts';
import { createLogger, temporalLogger } from '../observability/logger.ts';
import { createTaskLog } from '../observability/task-log.ts';
import { createDatabase } from '../services/database/pool.ts';
import { connectWorker } from '../workers/connection.ts';
import { createDomains } from '../workers/activities.ts';
import { fleetOf } from '../workers/fleets.ts';
import { createWorkers } from '../workers/workers.ts';
import { createNoopReader } from './noop-reader.ts';

async function main(): Promise<void> {
  forceUtc();
  const config = loadConfigOrExit();
  const logger = createLogger({ level: config.log.level, name: 'worker:noop' });
  const stop = new AbortController();
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stop.abort(new Error(signal));
    });

  const database = createDatabase({ ...config.database, url: config.database.url ?? '', logger });
  const connection = await connectWorker(config.temporal, logger, stop.signal);
  const reader = createNoopReader(config.ocr.processes);
  const workers = await createWorkers({
    connection,
    namespace: config.temporal.namespace,
    fleet: fleetOf('all', config.ocr.processes),
    activities: createDomains(
      { config, database, logger, shell: { log: (task) => createTaskLog(logger, task) } },
      { reader },
    ).activities,
    maxCachedWorkflows: config.worker.maxCachedWorkflows,
    shutdownGraceMs: config.shutdownGraceMs,
  });
  const { healthHost: host, healthPort: port } = config.worker;
  const health = await startHealthServer({ host, port, checks: { database: () => database.check().then(() => 'ok') } });
  stop.signal.addEventListener('abort', () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  });
  await Promise.all(workers.map((worker) => worker.run()));
  await Promise.allSettled([health.close(), database.close(), connection.close()]);
}

await main();
process.exit(0);
