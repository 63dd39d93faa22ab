/** Registers the tasks of the schedules domain. */
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { scheduleTasks } from '../../contracts/schedules/tasks.ts';
import { solarEventBetween } from '../../schedules/solar.ts';
import { shell, type ShellOptions } from '../shell/shell.ts';
import { auditRuns } from './audit-runs.ts';
import { createUserReportTask } from './create-user-report-task.ts';
import type { SchedulePorts } from './ports.ts';

/** The activities of the schedules domain, by task name. Every one may run twice. */
export function createScheduleActivities(ports: SchedulePorts, options: ShellOptions) {
  const tasks = scheduleTasks;
  return {
    [tasks.findSolarEvent.name]: shell(
      tasks.findSolarEvent,
      taskSchemas['schedules.findSolarEvent'],
      ({ solar, from, to }) => {
        const at = solarEventBetween(solar, Date.parse(from), Date.parse(to));
        return Promise.resolve({ at: at === undefined ? null : new Date(at).toISOString() });
      },
      options,
    ),
    [tasks.recordRun.name]: shell(
      tasks.recordRun,
      taskSchemas['schedules.recordRun'],
      async (run) => {
        await ports.ledger.record([run]);
        return { recorded: true as const };
      },
      options,
    ),
    [tasks.auditRuns.name]: shell(
      tasks.auditRuns,
      taskSchemas['schedules.auditRuns'],
      (_, context) => auditRuns(ports, context),
      options,
    ),
    [tasks.createUserReportTask.name]: shell(
      tasks.createUserReportTask,
      taskSchemas['schedules.createUserReportTask'],
      (input) => createUserReportTask(ports, input),
      options,
    ),
  };
}
