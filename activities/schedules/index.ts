/** The activities of the schedules domain: one body for each row of `contracts/schedules/tasks.ts`. */
import { scheduleTaskSchemas } from '../../contracts/schedules/schema.ts';
import { scheduleTasks } from '../../contracts/schedules/tasks.ts';
import { solarEventBetween } from '../../schedules/solar.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import { auditRuns } from './audit-runs.ts';
import { createUserReportTask } from './create-user-report-task.ts';
import type { SchedulePorts } from './ports.ts';

/** Creates the activities of schedules. Every one may run twice. */
export const createScheduleActivities = activitiesOf(scheduleTasks, scheduleTaskSchemas, (ports: SchedulePorts) => ({
  findSolarEvent: ({ solar, from, until }) => {
    const at = solarEventBetween(solar, Date.parse(from), Date.parse(until));
    return Promise.resolve({ at: at === undefined ? null : new Date(at).toISOString() });
  },
  recordRun: async (run) => {
    await ports.ledger.record([run]);
    return { recorded: true as const };
  },
  auditRuns: (_input, context) => auditRuns(ports, context),
  createUserReportTask: (input) => createUserReportTask(ports, input),
}));
