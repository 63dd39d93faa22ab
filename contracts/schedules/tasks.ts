/** The rows that the schedules domain adds to the catalogue of tasks. */
import { standardLimits, untilStoreIsBack } from '../tasks/policies.ts';
import { queues } from '../queues/names.ts';
import type {
  AuditRunsInput,
  AuditRunsOutput,
  CreateUserReportInput,
  CreateUserReportOutput,
  FindSolarEventInput,
  FindSolarEventOutput,
  RecordRunOutput,
  ScheduleRun,
} from './schema.ts';
import { taskRow } from '../tasks/definition.ts';
import { MINUTE_MS, SECOND_MS } from '../values/units.ts';

export const scheduleTasks = {
  findSolarEvent: taskRow<FindSolarEventInput, FindSolarEventOutput>()({
    name: 'schedules.findSolarEvent',
    queue: queues.documentsDefault,
    purpose: 'Computes when the sun rises, sets or is highest at a place within a day.',
    retry: { attempts: 3, delayMs: SECOND_MS, reason: 'Pure arithmetic: only a dying worker can fail it.' },
    limits: standardLimits,
  }),
  recordRun: taskRow<ScheduleRun, RecordRunOutput>()({
    name: 'schedules.recordRun',
    queue: queues.documentsDefault,
    purpose: 'Notes in the ledger what became of one due time of a schedule.',
    retry: untilStoreIsBack,
    limits: standardLimits,
  }),
  auditRuns: taskRow<AuditRunsInput, AuditRunsOutput>()({
    name: 'schedules.auditRuns',
    queue: queues.documentsDefault,
    purpose: 'Compares the due times of all schedules with what was started, and notes what was skipped or missed.',
    retry: {
      attempts: 3,
      delayMs: 10 * SECOND_MS,
      reason: 'The next audit continues where the last successful one ended, so giving up costs five minutes.',
    },
    limits: {
      softMs: 4 * MINUTE_MS,
      hardMs: 5 * MINUTE_MS,
      heartbeatMs: 10 * SECOND_MS,
      reason: 'Must be over before the next audit is due.',
    },
  }),
  createUserReportTask: taskRow<CreateUserReportInput, CreateUserReportOutput>()({
    name: 'schedules.createUserReportTask',
    queue: queues.documentsDefault,
    purpose: "Creates the schedule that reports to one user every morning at 8 of the user's time zone.",
    retry: {
      attempts: 4,
      delayMs: 10 * SECOND_MS,
      reason: 'Idempotent; fails only while the server or the database is away.',
    },
    limits: standardLimits,
  }),
} as const;
