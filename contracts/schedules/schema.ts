/** Shapes of everything that enters or leaves the schedules domain. Workflow code imports only types from here. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { parseInstant } from '../values/instant.ts';
import { instantSchema } from '../values/instant.schema.ts';
import { timeZoneSchema } from '../values/time-zone.schema.ts';
import { printableSchema } from '../values/printable.schema.ts';
import { canvasCallSchema } from '../canvas/schema.ts';
import { MAX_CALL_SECONDS } from '../tasks/calls.ts';
import { callOptionsShape, tenantSchema } from '../tasks/schema.ts';
import {
  CATCHUP_LIMITS_MS,
  OVERLAPS,
  RUN_REASONS,
  RUN_STATES,
  SOLAR_EVENTS,
  type NewScheduleTarget,
  type ScheduleTarget,
  type Timing,
} from './vocabulary.ts';

/** Longest id of a schedule; the server appends the time of a run and limits the sum. */
const MAX_ID = 200;

export const scheduleIdSchema = printableSchema(MAX_ID).describe('Unique name of a schedule, in printable characters');

const crontabFieldSchema = z.union([
  z.int(),
  z.string().min(1).max(200),
  z
    .array(z.union([z.int(), z.string().min(1).max(100)]))
    .min(1)
    .max(60),
]);

export const solarSchema = z.strictObject({
  event: z.enum(SOLAR_EVENTS),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});

const cronSchema = z.strictObject({ cron: z.string().min(1).max(200).describe('Five fields, or @daily and the like') });
const crontabSchema = z.strictObject({
  crontab: z
    .strictObject({
      minute: crontabFieldSchema,
      hour: crontabFieldSchema,
      day_of_week: crontabFieldSchema,
      day_of_month: crontabFieldSchema,
      month_of_year: crontabFieldSchema,
    })
    .partial()
    .describe("Celery's crontab"),
});
const everySchema = z.strictObject({
  every: z.strictObject({
    seconds: z
      .int()
      .min(1)
      .max(366 * 24 * 3600),
    offsetSeconds: z.int().min(0).optional(),
  }),
});
const solarTimingSchema = z.strictObject({ solar: solarSchema });
const atSchema = z.strictObject({ at: instantSchema.describe('A single instant') });

/** Timing of a schedule: exactly one of `cron`, `crontab`, `every`, `solar` and `at`. */
export const timingSchema = z
  .union([cronSchema, crontabSchema, everySchema, solarTimingSchema, atSchema], {
    error: 'expected exactly one of cron, crontab, every, solar and at, each in its form',
  })
  .describe('When it is due') satisfies z.ZodType<Timing>;

const callOptionsSchema = z.strictObject({
  ...callOptionsShape,
  expires: z
    .number()
    .positive()
    .max(MAX_CALL_SECONDS)
    .optional()
    .describe('Do not begin later than so many seconds after the due time'),
});

const taskName = z.string().min(1).max(200).describe('Name of a task of the catalogue');
const taskTargetSchema = z.strictObject({
  task: taskName,
  input: z.unknown().describe('Its input'),
  options: callOptionsSchema.optional(),
});
const newTaskTargetSchema = z.strictObject({
  task: taskName,
  input: z.unknown().optional().describe('Its input, instead of args and kwargs; default an empty object'),
  args: z.array(z.unknown()).max(100).optional().describe('Positional arguments'),
  kwargs: z.record(z.string(), z.unknown()).optional().describe('Named arguments'),
  options: callOptionsSchema.optional().describe('How it is called'),
});
const workflowTargetSchema = z.strictObject({
  workflow: z.string().min(1).max(200).describe('Name of a workflow'),
  args: z.array(z.unknown()).max(20).default([]).describe('Its arguments'),
});
const canvasTargetSchema = z.strictObject({
  canvas: z.looseObject({ task: z.string() }).describe("A signature or composition as Celery's JSON"),
  ...canvasCallSchema.shape,
  tenant: tenantSchema.optional(),
});

const { args: _args, kwargs: _kwargs, ...namedCanvasShape } = canvasCallSchema.shape;
const namedCanvasTargetSchema = z.strictObject({
  canvas: z.string().min(1).max(200).describe('Name of a canvas of the application'),
  input: z.unknown().optional().describe('Its input; default an empty object'),
  ...namedCanvasShape,
  tenant: tenantSchema.optional(),
});

/** Target of a schedule as it is kept: a task with its input, a workflow or a canvas. */
export const scheduleTargetSchema = z.union([
  taskTargetSchema,
  workflowTargetSchema,
  canvasTargetSchema,
]) satisfies z.ZodType<ScheduleTarget>;

/** Target of a schedule as a caller writes it. */
export const newScheduleTargetSchema = z.union(
  [newTaskTargetSchema, workflowTargetSchema, namedCanvasTargetSchema, canvasTargetSchema],
  {
    error: 'expected either task with input or args and kwargs, or workflow with args, or canvas',
  },
) satisfies z.ZodType<NewScheduleTarget>;

export const scheduleZoneSchema = timeZoneSchema.describe('IANA name such as Europe/Berlin');

const onceADaySchema = z
  .boolean()
  .describe('A time that the clock repeats runs once, one that it jumps over at the next time that exists');

const startSchema = instantSchema.describe('First instant at which it may be due');
const endSchema = instantSchema.describe('Last instant at which it may be due');
const oneOffSchema = z.boolean().describe('It is finished after its first due time');

const reason = z.string().min(1).max(500);

export const schedulePolicySchema = z.strictObject({
  overlap: z.enum(OVERLAPS),
  overlapReason: reason,
  catchupMs: z.int().min(CATCHUP_LIMITS_MS.min).max(CATCHUP_LIMITS_MS.max),
  catchupReason: reason,
  jitterMs: z
    .int()
    .min(0)
    .max(24 * 3600 * 1000),
  jitterReason: reason,
});

/** A complete definition, as in code and in memos. */
export const scheduleDefinitionSchema = z.strictObject({
  id: scheduleIdSchema,
  purpose: z.string().max(500),
  timing: timingSchema,
  timeZone: scheduleZoneSchema,
  onceADay: onceADaySchema.optional(),
  start: startSchema.optional(),
  end: endSchema.optional(),
  oneOff: oneOffSchema.optional(),
  target: scheduleTargetSchema,
  policy: schedulePolicySchema,
});

/** Input that adds a schedule; omitted fields have defaults. */
export const newScheduleSchema = z.strictObject({
  id: scheduleIdSchema,
  purpose: z.string().max(500).default(''),
  timing: timingSchema,
  timeZone: scheduleZoneSchema.default('UTC'),
  onceADay: onceADaySchema.optional(),
  start: startSchema.optional(),
  end: endSchema.optional(),
  oneOff: oneOffSchema.optional(),
  target: newScheduleTargetSchema,
  policy: schedulePolicySchema.partial().default({}),
  paused: z.boolean().optional().describe('Create it paused; an existing schedule keeps its state'),
});

/** Input that changes a schedule; omitted fields keep their values. */
export const scheduleChangesSchema = z
  .strictObject({
    purpose: z.string().max(500),
    timing: timingSchema,
    timeZone: scheduleZoneSchema,
    onceADay: onceADaySchema,
    start: startSchema.nullable(),
    end: endSchema.nullable(),
    oneOff: oneOffSchema,
    target: newScheduleTargetSchema,
    policy: schedulePolicySchema.partial(),
  })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, { message: 'expected at least one change' });

/** When a schedule is due. */
export const recurrenceSchema = z.object({
  timing: timingSchema,
  timeZone: scheduleZoneSchema.optional(),
  onceADay: onceADaySchema.optional(),
  start: startSchema.optional(),
  end: endSchema.optional(),
  oneOff: oneOffSchema.optional(),
});

/** A range of time. */
export const rangeSchema = z
  .strictObject({ from: instantSchema, to: instantSchema })
  .refine(({ from, to }) => (parseInstant(from) ?? 0) < (parseInstant(to) ?? 0), {
    message: 'expected from to lie before to',
    path: ['to'],
  });

export const findSolarEventInputSchema = z.object({
  solar: solarSchema,
  /** Start of the day that is searched. */
  from: z.iso.datetime(),
  /** End of the day, not included. */
  until: z.iso.datetime(),
});
export const findSolarEventOutputSchema = z.object({
  /** `null` on a polar day or night. */
  at: z.iso.datetime().nullable(),
});

export const scheduleRunSchema = z.object({
  scheduleId: scheduleIdSchema,
  dueAt: z.iso.datetime(),
  state: z.enum(RUN_STATES),
  reason: z.enum(RUN_REASONS).nullable(),
  /** Details of the reason, for people. */
  detail: z.string().max(500).nullable(),
  workflowId: z.string().nullable(),
  /** Actual start of the run. */
  startedAt: z.iso.datetime().nullable(),
});
export const recordRunOutputSchema = z.object({ recorded: z.literal(true) });

export const auditRunsInputSchema = z.strictObject({});
export const auditRunsOutputSchema = z.object({
  schedules: z.int(),
  ran: z.int(),
  skipped: z.int(),
  missed: z.int(),
});

export const createUserReportInputSchema = z.strictObject({ userId: z.string().min(1).max(150) });
export const createUserReportOutputSchema = z.object({ status: z.literal('created'), task_name: z.string() });

/** Input and output of each task of the domain. */
export const scheduleTaskSchemas = {
  'schedules.findSolarEvent': { input: findSolarEventInputSchema, output: findSolarEventOutputSchema },
  'schedules.recordRun': { input: scheduleRunSchema, output: recordRunOutputSchema },
  'schedules.auditRuns': { input: auditRunsInputSchema, output: auditRunsOutputSchema },
  'schedules.createUserReportTask': { input: createUserReportInputSchema, output: createUserReportOutputSchema },
} as const;

/** What the schedules domain contributes to the schemas. */
export const scheduleSchemas = {
  tasks: scheduleTaskSchemas,
} as const satisfies DomainSchemas;

export type FindSolarEventInput = z.infer<typeof findSolarEventInputSchema>;
export type FindSolarEventOutput = z.infer<typeof findSolarEventOutputSchema>;
export type ScheduleRun = z.infer<typeof scheduleRunSchema>;
export type RecordRunOutput = z.infer<typeof recordRunOutputSchema>;
export type AuditRunsInput = z.infer<typeof auditRunsInputSchema>;
export type AuditRunsOutput = z.infer<typeof auditRunsOutputSchema>;
export type CreateUserReportInput = z.infer<typeof createUserReportInputSchema>;
export type CreateUserReportOutput = z.infer<typeof createUserReportOutputSchema>;
