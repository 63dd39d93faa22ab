/**
 * A worker process: reads the configuration, builds adapters, and serves the queues of its fleet until it receives a
 * signal.
 */
import { makeTelemetryFilterString, Runtime, type Worker } from '@temporalio/worker';
import type { Config } from '../config/types.ts';
import { configTable } from '../config/table.ts';
import { exitWithout, loadConfigOrExit } from '../config/load.ts';
import { without } from '../contracts/pluggable.ts';
import { forceUtc, ownFilesOnly } from '../config/process.ts';
import { createLogger, type Logger, temporalLogger } from '../observability/logger.ts';
import { createTaskLog, type TaskIdentity } from '../observability/task-log.ts';
import { createBreakerStore } from '../services/breakers/postgres.ts';
import { createKeptAnswers } from '../services/answers/postgres.ts';
import { createBlobStore } from '../services/blobs/open.ts';
import { migrate } from '../services/database/migrate.ts';
import { createDatabase } from '../services/database/pool.ts';
import { createWorkerHeartbeats } from '../services/queues/postgres.ts';
import { exitIfInvalid, type OpenApplication, openApplicationOrExit, openPortsOrExit } from '../application/open.ts';
import { applicationActivities, bundleApplication } from './application.ts';
import { createKeyRing } from '../payloads/key-ring.ts';
import { createDomains } from './domains/index.ts';
import { openCache } from './cache.ts';
import { sealedAnswers } from './effects.ts';
import { callHooks } from './hooks.ts';
import { connectWorker } from './connection.ts';
import { startHealth } from './running/health.ts';
import { lookAfterRuns } from './running/look-after-runs.ts';
import { fleetOrExit } from './own-fleet.ts';
import { requireLanguages } from './languages.ts';
import { keepHeartbeats } from './running/heartbeats.ts';
import { reconcileAtStart } from './running/reconcile.ts';
import { openMetrics } from './running/metrics.ts';
import { providerNames } from './providers.ts';
import { prepareServer } from './server-setup.ts';
import { createWorkers, type WorkersOptions } from './workers.ts';

async function main(): Promise<void> {
  forceUtc();
  ownFilesOnly();
  const config = loadConfigOrExit();
  const application = await openApplicationOrExit(config);
  const ports = openPortsOrExit(application.tasks, config);
  const fleet = fleetOrExit(config, application.fleets);
  await requireLanguages(config, application.domains, fleet);
  const logger = createLogger({ level: config.log.level, name: `worker:${config.worker.fleet}` });
  installRuntime(logger);
  const stop = untilSignalled();
  const url = config.database.url ?? exitWithout(configTable.database.url);
  const database = createDatabase({ ...config.database, url, logger });
  await migrate(database); // under a lock: any number of processes may start at once
  const sealKeys = config.sealing.keys ?? exitWithout(configTable.sealing.keys);
  const cache = await openCache(config.cache, { database, logger });
  const metrics = openMetrics();
  const shell = {
    metrics: metrics.tasks,
    log: (task: TaskIdentity) => createTaskLog(logger, task),
    retryDelayScale: config.worker.retryDelayScale,
    hooks: application.hooks,
    breakers: { store: createBreakerStore(database), names: providerNames(config) },
    once: sealedAnswers(createKeptAnswers(database, 'effect_answers'), createKeyRing(sealKeys, 'SEAL_KEYS')),
    cache,
  };
  const domains = await createDomains({ config, database, logger, shell }, { without: without(application.domains) });
  const connection = await connectWorker(config.temporal, logger, stop);
  await prepareServer(connection, config.temporal.namespace, logger);
  const blobs = createBlobStore(config.blobs.url);
  const workflowBundle = await bundleOf(config, application);
  const workers = await createWorkers({
    connection,
    namespace: config.temporal.namespace,
    fleet,
    activities: { ...domains.activities, ...applicationActivities(application, shell, ports) },
    blobs,
    workflowBundle,
    sealKeys,
    payloadKeys: config.sealing.payloadKeys,
    maxCachedWorkflows: config.worker.maxCachedWorkflows,
    shutdownGraceMs: config.shutdownGraceMs,
  });
  const health = await startHealth(config, { database, blobs, workers, registry: metrics.registry, logger });
  await reconcileAtStart(connection, config.temporal.namespace, logger);
  logger.info({ fleet: config.worker.fleet, healthPort: health.port }, 'worker is running');
  const served = serve(workers, stop);
  const heartbeats = keepHeartbeats({ heartbeats: createWorkerHeartbeats(database), workers, logger });
  const lookingAfterRuns = lookAfterRuns({ fleet, connection, config, application, database, blobs, sealKeys, logger });
  const worker = { fleet: config.worker.fleet };
  await callHooks(application.hooks, 'workerReady', worker, logger);
  // A process that fails is removed too.
  await served.finally(() => Promise.all([heartbeats.close(), lookingAfterRuns.close()]));
  await callHooks(application.hooks, 'workerStopped', worker, logger);
  const parts = [health, domains, ports, cache, database, connection];
  await Promise.allSettled(parts.map((part) => part.close()));
}

/** Returns a signal that is aborted when this process is asked to stop. */
function untilSignalled(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stop.abort(new Error(signal));
    });
  return stop.signal;
}

/** Leaves signals to this process: all its workers stop together, then the adapters close. */
function installRuntime(logger: Logger): void {
  Runtime.install({
    logger: temporalLogger(logger),
    // The native part of the SDK would otherwise print coloured text.
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} } },
    shutdownSignals: [],
  });
}

/** The bundle that the workers share; a file that was bundled ahead is taken as it is when the application adds nothing. */
async function bundleOf(config: Config, application: OpenApplication): Promise<WorkersOptions['workflowBundle']> {
  const { workflowBundle: bundleFile } = config.worker;
  if (application.bundle !== undefined) return { codePath: application.bundle };
  if (application.tasks.length === 0 && application.workflows.length === 0)
    return bundleFile === undefined ? undefined : { codePath: bundleFile };
  return { code: await bundleApplication(application, { bundleFile, folder: config.stateDir }) };
}

/**
 * Runs all workers until a signal, or until one of them fails: then the others stop too, and the supervisor starts a
 * new process.
 */
async function serve(workers: readonly Worker[], stop: AbortSignal): Promise<void> {
  const shutdown = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  if (stop.aborted) shutdown();
  stop.addEventListener('abort', shutdown, { once: true });
  const results = await Promise.allSettled(
    workers.map((worker) =>
      worker.run().catch((error: unknown) => {
        shutdown();
        throw error;
      }),
    ),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

try {
  await main();
  process.exit(0);
} catch (error) {
  exitIfInvalid(error);
  process.stderr.write(`worker: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
