/** The activities of the housekeeping domain: one body for each row of `contracts/housekeeping/tasks.ts`. */
import { housekeepingTaskSchemas } from '../../contracts/housekeeping/schema.ts';
import { housekeepingTasks } from '../../contracts/housekeeping/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import { cleanupOldFiles } from './cleanup-old-files.ts';
import { cleanupOldOcrResults } from './cleanup-old-ocr-results.ts';
import { cleanupTempFiles } from './cleanup-temp-files.ts';
import { checkDiskSpace, checkHealth, monitorQueueLengths } from './look.ts';
import type { HousekeepingPorts } from './ports.ts';
import { reconcileRuns } from './reconcile-runs.ts';
import { backupDatabase, cleanupResults, vacuumDatabase } from './upkeep.ts';

/** Creates the activities of housekeeping. Every one may run twice. */
export const createHousekeepingActivities = activitiesOf(
  housekeepingTasks,
  housekeepingTaskSchemas,
  (ports: HousekeepingPorts) => ({
    cleanupTempFiles: (input, context) => cleanupTempFiles(ports, input, context),
    cleanupOldOcrResults: (input, context) => cleanupOldOcrResults(ports, input, context),
    cleanupOldFiles: (input, context) => cleanupOldFiles(ports, input, context),
    cleanupResults: (input, context) => cleanupResults(ports, input, context),
    vacuumDatabase: (input, context) => vacuumDatabase(ports, input, context),
    backupDatabase: (input, context) => backupDatabase(ports, input, context),
    checkDiskSpace: () => checkDiskSpace(ports),
    monitorQueueLengths: () => monitorQueueLengths(ports),
    reconcileRuns: (input, context) => reconcileRuns(ports, input, context),
    checkHealth: () => checkHealth(ports),
    recordHealth: async ({ checkId, report }) => {
      await ports.health.record(checkId, report);
      return { changes: [...(await ports.health.untold())] };
    },
    healthTold: async ({ key }) => {
      await ports.health.told(key);
      return { key };
    },
    sunrise: async ({ dryRun }, { workflowId }) => {
      const ranAt = dryRun ? ports.now() : await ports.runs.record(workflowId);
      return { status: dryRun ? 'not-recorded' : 'recorded', key: workflowId, ran_at: ranAt.toISOString() };
    },
  }),
);
