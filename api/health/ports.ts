/** The port that only the routes of health use. */
import type { PerennialClient } from '../../client/index.ts';
import { activityQueues, queueOf } from '../../contracts/register.schema.ts';
import type { CheckText } from '../../contracts/housekeeping/vocabulary.ts';
import { queues } from '../../contracts/queues/names.ts';
import { createReadiness, workersCheck, type AskReadiness } from '../../observability/health.ts';
import type { WorkerHeartbeats } from '../../services/queues/port.ts';
import { createWorkerHeartbeats } from '../../services/queues/postgres.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** The port of health. */
export interface HealthPorts {
  /** Answers `/health/ready` from the checks `database`, `temporal`, `workers` and `blobs`. */
  readonly readiness: AskReadiness;
}

/** What the handlers of health may use. */
export type HealthServices = ApiServices & HealthPorts;

/** Builds the checks over what the process uses. */
export function openHealthPorts({ database, blobs, client, logger }: ApiRoot): HealthPorts {
  return {
    readiness: createReadiness({
      checks: {
        database: () => database.check().then(() => 'ok'),
        blobs: () => blobs.check().then(() => 'ok'),
        temporal: () => client.ping().then(() => 'ok'),
        workers: () => checkWorkers(client, createWorkerHeartbeats(database)),
      },
      onError: (check, err) => logger.warn({ check, err }, 'readiness check failed'),
    }),
  };
}

/**
 * Asks the server who polls, and the database who sends heartbeats: polls outlive a killed process by a minute, and a
 * process that sends heartbeats may have lost the server.
 */
async function checkWorkers(client: PerennialClient, heartbeats: WorkerHeartbeats): Promise<CheckText> {
  const [polling, running, foreign] = await Promise.all([
    client.countWorkers(),
    heartbeats.running(),
    workersInOtherLanguages(client),
  ]);
  const unserved = [queues.workflows, ...activityQueues()].filter(
    (queue) => (foreign.get(queue) ?? 0) === 0 && !running.queues.has(queue),
  );
  // The server's count is 0 when any queue lacks a poller; the heartbeats say which queue it is.
  return workersCheck(unserved.length > 0 ? running.count : Math.min(polling, running.count), unserved);
}

/** The workers of queues that are served in another language, by queue; they send no heartbeats to the database. */
async function workersInOtherLanguages(client: PerennialClient): Promise<ReadonlyMap<string, number>> {
  const foreign = activityQueues().filter((queue) => queueOf(queue).language !== undefined);
  const views = await Promise.all(foreign.map((queue) => client.queues.get(queue)));
  return new Map(views.map(({ name, workers }) => [name, workers]));
}
