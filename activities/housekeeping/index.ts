/** Registers the tasks of the housekeeping domain. */
import { housekeepingTaskSchemas as schemas } from '../../contracts/housekeeping/schema.ts';
import { housekeepingTasks as tasks } from '../../contracts/housekeeping/tasks.ts';
import { shell, type ShellOptions } from '../shell/shell.ts';
import { cleanupOldFiles } from './cleanup-old-files.ts';
import { cleanupOldOcrResults } from './cleanup-old-ocr-results.ts';
import { cleanupTempFiles } from './cleanup-temp-files.ts';
import { checkDiskSpace, checkHealth, monitorQueueLengths } from './look.ts';
import type { HousekeepingPorts } from './ports.ts';
import { backupDatabase, cleanupResults, vacuumDatabase } from './upkeep.ts';

/** The activities of the housekeeping domain, by task name. Every one may run twice. */
export function createHousekeepingActivities(ports: HousekeepingPorts, options: ShellOptions) {
  return { ...cleaning(ports, options), ...upkeep(ports, options), ...watching(ports, options) };
}

function cleaning(ports: HousekeepingPorts, options: ShellOptions) {
  return {
    [tasks.cleanupTempFiles.name]: shell(
      tasks.cleanupTempFiles,
      schemas['housekeeping.cleanupTempFiles'],
      (input, context) => cleanupTempFiles(ports, input, context),
      options,
    ),
    [tasks.cleanupOldOcrResults.name]: shell(
      tasks.cleanupOldOcrResults,
      schemas['housekeeping.cleanupOldOcrResults'],
      (input, context) => cleanupOldOcrResults(ports, input, context),
      options,
    ),
    [tasks.cleanupOldFiles.name]: shell(
      tasks.cleanupOldFiles,
      schemas['housekeeping.cleanupOldFiles'],
      (input, context) => cleanupOldFiles(ports, input, context),
      options,
    ),
    [tasks.cleanupResults.name]: shell(
      tasks.cleanupResults,
      schemas['housekeeping.cleanupResults'],
      (input, context) => cleanupResults(ports, input, context),
      options,
    ),
  };
}

function upkeep(ports: HousekeepingPorts, options: ShellOptions) {
  return {
    [tasks.vacuumDatabase.name]: shell(
      tasks.vacuumDatabase,
      schemas['housekeeping.vacuumDatabase'],
      (input, context) => vacuumDatabase(ports, input, context),
      options,
    ),
    [tasks.backupDatabase.name]: shell(
      tasks.backupDatabase,
      schemas['housekeeping.backupDatabase'],
      (input, context) => backupDatabase(ports, input, context),
      options,
    ),
  };
}

function watching(ports: HousekeepingPorts, options: ShellOptions) {
  return {
    [tasks.checkDiskSpace.name]: shell(
      tasks.checkDiskSpace,
      schemas['housekeeping.checkDiskSpace'],
      () => checkDiskSpace(ports),
      options,
    ),
    [tasks.monitorQueueLengths.name]: shell(
      tasks.monitorQueueLengths,
      schemas['housekeeping.monitorQueueLengths'],
      () => monitorQueueLengths(ports),
      options,
    ),
    [tasks.checkHealth.name]: shell(
      tasks.checkHealth,
      schemas['housekeeping.checkHealth'],
      () => checkHealth(ports),
      options,
    ),
    [tasks.recordHealth.name]: shell(
      tasks.recordHealth,
      schemas['housekeeping.recordHealth'],
      async ({ checkId, report }) => {
        await ports.health.record(checkId, report);
        return { changes: [...(await ports.health.untold())] };
      },
      options,
    ),
    [tasks.healthTold.name]: shell(
      tasks.healthTold,
      schemas['housekeeping.healthTold'],
      async ({ key }) => {
        await ports.health.told(key);
        return { key };
      },
      options,
    ),
    [tasks.sunrise.name]: shell(
      tasks.sunrise,
      schemas['housekeeping.sunrise'],
      async ({ dryRun }, { workflowId }) => {
        const ranAt = dryRun ? ports.now() : await ports.runs.record(workflowId);
        return { status: dryRun ? 'not-recorded' : 'recorded', key: workflowId, ran_at: ranAt.toISOString() };
      },
      options,
    ),
  };
}
