/**
 * Runs the worker of the product for a measurement; only the parts that the caller replaces differ from the product.
 */
import { Runtime, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { exitWithout, loadConfigOrExit } from '../config/load.ts';
import { forceUtc } from '../config/process.ts';
import { configTable } from '../config/table.ts';
import type { Config } from '../config/types.ts';
import { startHealthServer } from '../observability/health.ts';
import { createLogger, temporalLogger } from '../observability/logger.ts';
import { createTaskLog } from '../observability/task-log.ts';
import { createBlobStore } from '../services/blobs/open.ts';
import { createDatabase } from '../services/database/pool.ts';
import { lookAfterRuns } from '../workers/running/look-after-runs.ts';
import { createDomains } from '../workers/domains/index.ts';
import { connectWorker } from '../workers/connection.ts';
import type { DomainContext } from '../workers/domains/domain.ts';
import { type Fleet, fleetOf } from '../workers/fleets.ts';
import { prepareServer } from '../workers/server-setup.ts';
import type { Activities } from '../activities/shell/activity.ts';
import { createWorkers } from '../workers/workers.ts';

/** Parts of the worker that a measurement may replace. */
export interface BenchWorker {
  readonly name: string;
  /** @defaultValue the activities of the product */
  readonly activities?: (context: DomainContext) => Promise<Activities>;
  /** @defaultValue the fleet that serves all queues */
  readonly fleet?: (config: Config) => Fleet;
  /** @defaultValue the workflows of the product */
  readonly workflowBundle?: WorkflowBundleWithSourceMap;
  /** Whether dead letters are noted, as the product does. @defaultValue false */
  readonly looksAfterRuns?: boolean;
}

/** Serves the queues until the process receives SIGINT or SIGTERM. */
export async function runBenchWorker({ name, ...own }: BenchWorker): Promise<void> {
  forceUtc();
  const config = loadConfigOrExit();
  const logger = createLogger({ level: config.log.level, name: `worker:${name}` });
  const stop = new AbortController();
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stop.abort(new Error(signal));
    });

  const database = createDatabase({ ...config.database, url: config.database.url ?? '', logger });
  const connection = await connectWorker(config.temporal, logger, stop.signal);
  await prepareServer(connection, config.temporal.namespace, logger);
  const context: DomainContext = {
    config,
    database,
    logger,
    shell: { log: (task) => createTaskLog(logger, task), retryDelayScale: config.worker.retryDelayScale },
  };
  const sealKeys = config.sealing.keys ?? exitWithout(configTable.sealing.keys);
  const blobs = createBlobStore(config.blobs.url);
  const fleet = own.fleet?.(config) ?? fleetOf('all', config.documents.ocr.processes);
  const workers = await createWorkers({
    connection,
    namespace: config.temporal.namespace,
    fleet,
    activities: (await own.activities?.(context)) ?? (await createDomains(context)).activities,
    blobs,
    sealKeys,
    workflowBundle: own.workflowBundle,
    maxCachedWorkflows: config.worker.maxCachedWorkflows,
    shutdownGraceMs: config.shutdownGraceMs,
  });
  const { healthHost: host, healthPort: port } = config.worker;
  const health = await startHealthServer({ host, port, checks: { database: () => database.check().then(() => 'ok') } });
  stop.signal.addEventListener('abort', () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  });
  const application = { hooks: [], domains: [] };
  const keeping =
    own.looksAfterRuns === true
      ? lookAfterRuns({ fleet, connection, config, application, database, blobs, sealKeys, logger })
      : undefined;
  await Promise.all(workers.map((worker) => worker.run()));
  await keeping?.close();
  await Promise.allSettled([health.close(), database.close(), connection.close()]);
}
