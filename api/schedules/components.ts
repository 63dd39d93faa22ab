/** Names and examples of the shapes of schedules in the OpenAPI document. */
import {
  createUserReportInputSchema,
  createUserReportOutputSchema,
  newScheduleSchema,
  newScheduleTargetSchema,
  scheduleChangesSchema,
  scheduleDefinitionSchema,
  schedulePolicySchema,
  scheduleRunSchema,
  scheduleTargetSchema,
  timingSchema,
} from '../../contracts/schedules/schema.ts';
import { component, type Components } from '../http/components.ts';
import {
  backfillBody,
  backfillSchema,
  noteBody,
  previewBody,
  scheduleSchema,
  syncBody,
  syncSchema,
  timesSchema,
} from './schemas.ts';

const policy = {
  overlap: 'skip',
  overlapReason: 'One report at a time is enough.',
  catchupMs: 3_600_000,
  catchupReason: 'A report that is an hour late is still read.',
  jitterMs: 0,
  jitterReason: 'It is due at a fixed time.',
} as const;
const timing = { cron: '0 6 * * 1' };
const target = { task: 'text.countWords', input: { text: 'one two' } };
const definition = { id: 'weekly', purpose: 'Monday report', timing, timeZone: 'Europe/Berlin', target, policy };
const instant = '2026-02-02T05:00:00.000Z';

const [, crontab, , solar] = timingSchema.options;
const [taskTarget, workflowTarget, canvasTarget] = scheduleTargetSchema.options;
const [newTaskTarget] = newScheduleTargetSchema.options;
const callOptions = taskTarget.shape.options.unwrap();

const timingComponents: Components = {
  Timing: component(timingSchema, timing),
  CrontabField: component(crontab.shape.crontab.shape.minute.unwrap(), '*/15'),
  CrontabPart: component(crontab.shape.crontab.shape.minute.unwrap().options[2].element, 5),
  SolarEvent: component(solar.shape.solar.shape.event),
};

const targetComponents: Components = {
  ScheduleTarget: component(scheduleTargetSchema, target),
  NewScheduleTarget: component(newScheduleTargetSchema, target),
  TaskTarget: component(taskTarget, target),
  NewTaskTarget: component(newTaskTarget, { task: target.task, kwargs: target.input }),
  WorkflowTarget: component(workflowTarget, { workflow: 'weeklyReport', args: [] }),
  CanvasTarget: component(canvasTarget, { canvas: { task: target.task, kwargs: target.input } }),
  ScheduleCallOptions: component(callOptions, { priority: 3, expires: 600 }),
};

export const scheduleComponents: Components = {
  ...timingComponents,
  ...targetComponents,
  Schedule: component(scheduleSchema, {
    id: 'weekly',
    origin: 'dynamic',
    definition,
    paused: false,
    remaining: null,
    note: null,
    next: [instant],
    recent: [{ dueAt: instant, startedAt: instant, workflowId: 'weekly-2026-02-02T05:00:00Z' }],
    running: [],
    counts: { started: 4, missedCatchup: 0, skippedOverlap: 0, droppedFromBuffer: 0, waiting: 0 },
    createdAt: '2026-01-01T12:00:00.000Z',
    updatedAt: null,
  }),
  ScheduleDefinition: component(scheduleDefinitionSchema, definition),
  SchedulePolicy: component(schedulePolicySchema, policy),
  SchedulePolicyChanges: component(schedulePolicySchema.partial(), { overlap: policy.overlap }),
  ScheduleOverlap: component(schedulePolicySchema.shape.overlap),
  NewSchedule: component(newScheduleSchema, { id: 'weekly', timing, timeZone: 'Europe/Berlin', target }),
  ScheduleChanges: component(scheduleChangesSchema, { timing }),
  ScheduleNote: component(noteBody, { note: 'Nobody reads it in August.' }),
  ScheduleTimes: component(timesSchema, { times: [{ kind: 'run', at: instant, local: '2026-02-02 06:00 +01:00' }] }),
  SchedulePreview: component(previewBody, { timing, timeZone: 'Europe/Berlin', count: 3 }),
  ScheduleSync: component(syncBody, { dryRun: true }),
  SyncedSchedules: component(syncSchema, {
    dryRun: true,
    changes: [
      { id: 'weekly', action: 'update', differences: [{ field: 'timing', from: '0 6 * * 1', to: '0 7 * * 1' }] },
    ],
    unchanged: 3,
    others: 0,
  }),
  Backfill: component(backfillBody, { from: '2026-01-01T00:00:00Z', to: '2026-01-31T00:00:00Z', dryRun: true }),
  BackfilledTimes: component(backfillSchema, { dryRun: true, times: [instant] }),
  ScheduleRun: component(scheduleRunSchema, {
    scheduleId: 'weekly',
    dueAt: instant,
    state: 'ran',
    reason: null,
    detail: null,
    workflowId: 'weekly-2026-02-02T05:00:00Z',
    startedAt: instant,
  }),
  ScheduleRunState: component(scheduleRunSchema.shape.state),
  NewUserReport: component(createUserReportInputSchema, { userId: 'ada' }),
  UserReport: component(createUserReportOutputSchema, { status: 'created', task_name: 'user-report-ada' }),
};
