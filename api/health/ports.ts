/** The port that only the routes of health use. */
import { createReadiness, workersCheck, type AskReadiness } from '../../observability/health.ts';
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
        workers: () => client.countWorkers().then(workersCheck),
      },
      onError: (check, err) => logger.warn({ check, err }, 'readiness check failed'),
    }),
  };
}
