/** Routes of schedules: see, add, change, steer, and what became of their due times. */
import { z } from 'zod';
import {
  createUserReportInputSchema,
  createUserReportOutputSchema,
  newScheduleSchema,
  scheduleChangesSchema,
  scheduleDefinitionSchema,
  scheduleIdSchema,
  scheduleRunSchema,
  timeZoneSchema,
  timingSchema,
} from '../../contracts/schedules.schema.ts';
import { OVERLAPS, RUN_STATES } from '../../contracts/schedules.ts';
import { defineRoute, type Route } from '../route.ts';

const scheduleParams = z.object({ id: scheduleIdSchema });
const count = z.coerce.number<string>().int();
const time = z.iso.datetime({ offset: true });

const viewSchema = z.object({
  id: z.string(),
  origin: z.enum(['code', 'dynamic', 'foreign']),
  definition: scheduleDefinitionSchema.nullable(),
  paused: z.boolean(),
  note: z.string().nullable(),
  next: z.array(z.string()).describe('Coming starts, at most ten'),
  recent: z.array(z.object({ dueAt: z.string(), startedAt: z.string(), workflowId: z.string() })),
  running: z.array(z.string()),
  counts: z.object({
    started: z.int(),
    missedCatchup: z.int(),
    skippedOverlap: z.int(),
    droppedFromBuffer: z.int(),
    waiting: z.int(),
  }),
  createdAt: z.string(),
  updatedAt: z.string().nullable(),
});
const timesSchema = z.object({
  times: z.array(
    z.object({ kind: z.enum(['run', 'gap']), at: z.string(), local: z.string(), note: z.string().optional() }),
  ),
});
const syncSchema = z.object({
  dryRun: z.boolean(),
  changes: z.array(
    z.object({
      id: z.string(),
      action: z.enum(['create', 'update', 'delete', 'conflict']),
      differences: z.array(z.object({ field: z.string(), from: z.string(), to: z.string() })),
      reason: z.string().optional(),
    }),
  ),
  unchanged: z.int(),
  others: z.int(),
});
const noteBody = z.strictObject({ note: z.string().min(1).max(500).describe('Why; the next person reads it') });
const nextQuery = z.strictObject({
  count: count.min(1).max(1000).default(10),
  after: time.optional(),
  showIn: timeZoneSchema.optional().describe('Zone in which times are shown'),
});
const runsQuery = z.strictObject({
  schedule: scheduleIdSchema.optional(),
  state: z.enum(RUN_STATES).optional(),
  before: time.optional().describe('`dueAt` of the last row of the page before'),
  limit: count.min(1).max(500).default(50),
});

const listSchedules = defineRoute({
  method: 'get',
  path: '/schedules',
  summary: 'All schedules of the server, also those that Perennial did not make',
  tag: 'schedules',
  answers: { 200: { description: 'The schedules, by name', schema: z.object({ schedules: z.array(viewSchema) }) } },
  async handle({ services, response }) {
    response.json({ schedules: await services.client.schedules.list() });
  },
});

const addSchedule = defineRoute({
  method: 'post',
  path: '/schedules',
  summary: 'Add a schedule; the same one again is no error',
  tag: 'schedules',
  admin: true,
  body: newScheduleSchema,
  answers: {
    201: { description: 'Added', schema: viewSchema },
    200: { description: 'It was there already', schema: viewSchema },
  },
  errors: [409],
  async handle({ services, body, response }) {
    const { created } = await services.client.schedules.add(body);
    if (created) services.logger.info({ schedule: body.id }, 'added schedule');
    response
      .status(created ? 201 : 200)
      .location(`/schedules/${body.id}`)
      .json(await services.client.schedules.describe(body.id));
  },
});

const syncSchedules = defineRoute({
  method: 'post',
  path: '/schedules/sync',
  summary: 'Bring the server to the schedules of code; `{"dryRun": true}` only tells the difference',
  tag: 'schedules',
  admin: true,
  body: z.strictObject({ dryRun: z.boolean().default(false) }),
  answers: { 200: { description: 'What has changed, or would', schema: syncSchema } },
  async handle({ services, body, response }) {
    const report = await services.client.schedules.sync(body);
    if (!body.dryRun) services.logger.info({ changes: report.changes.length }, 'synced schedules');
    response.json(report);
  },
});

const previewTimes = defineRoute({
  method: 'post',
  path: '/schedules/preview',
  summary: 'Times to come of a timing that nobody has added yet, with changes of clocks marked',
  tag: 'schedules',
  body: z.strictObject({ timing: timingSchema, timeZone: timeZoneSchema.default('UTC'), ...nextBody() }),
  answers: { 200: { description: 'The times', schema: timesSchema } },
  handle({ services, body: { timing, timeZone, ...options }, response }) {
    response.json({ times: services.client.schedules.preview(timing, timeZone, options) });
    return Promise.resolve();
  },
});

function nextBody() {
  return { ...nextQuery.shape, count: z.int().min(1).max(1000).default(10) };
}

const createUserReport = defineRoute({
  method: 'post',
  path: '/schedules/user-reports',
  summary: 'Report to a user every morning at 8 of the user’s time zone',
  tag: 'schedules',
  body: createUserReportInputSchema,
  answers: { 201: { description: 'The schedule is there', schema: createUserReportOutputSchema } },
  errors: [404],
  async handle({ services, body, response }) {
    const created = await services.client.schedules.createUserReportTask(body.userId);
    services.logger.info({ schedule: created.task_name }, 'added schedule');
    response.status(201).location(`/schedules/${created.task_name}`).json(created);
  },
});

const getSchedule = defineRoute({
  method: 'get',
  path: '/schedules/:id',
  summary: 'One schedule: its definition, state, next and last runs',
  tag: 'schedules',
  params: scheduleParams,
  answers: { 200: { description: 'The schedule', schema: viewSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await services.client.schedules.describe(params.id));
  },
});

const updateSchedule = defineRoute({
  method: 'patch',
  path: '/schedules/:id',
  summary: 'Change a schedule that was added at run time; what is left out stays',
  tag: 'schedules',
  admin: true,
  params: scheduleParams,
  body: scheduleChangesSchema,
  answers: { 200: { description: 'The schedule', schema: viewSchema } },
  errors: [404, 409],
  async handle({ services, params, body, response }) {
    await services.client.schedules.update(params.id, body);
    services.logger.info({ schedule: params.id }, 'updated schedule');
    response.json(await services.client.schedules.describe(params.id));
  },
});

const removeSchedule = defineRoute({
  method: 'delete',
  path: '/schedules/:id',
  summary: 'Remove a schedule that was added at run time; runs under way go on',
  tag: 'schedules',
  admin: true,
  params: scheduleParams,
  answers: { 204: { description: 'Removed' } },
  errors: [404, 409],
  async handle({ services, params, response }) {
    await services.client.schedules.remove(params.id);
    services.logger.info({ schedule: params.id }, 'removed schedule');
    response.status(204).end();
  },
});

/** Pause and unpause differ in a word. */
function pausing(verb: 'pause' | 'unpause', summary: string): Route {
  return defineRoute({
    method: 'post',
    path: `/schedules/:id/${verb}`,
    summary,
    tag: 'schedules',
    admin: true,
    params: scheduleParams,
    body: noteBody,
    answers: { 200: { description: 'The schedule', schema: viewSchema } },
    errors: [404, 409],
    async handle({ services, params, body, response }) {
      await services.client.schedules[verb](params.id, body.note);
      services.logger.info({ schedule: params.id }, `${verb}d schedule`);
      response.json(await services.client.schedules.describe(params.id));
    },
  });
}

const triggerSchedule = defineRoute({
  method: 'post',
  path: '/schedules/:id/trigger',
  summary: 'Start a run now, also while paused',
  tag: 'schedules',
  admin: true,
  params: scheduleParams,
  answers: { 202: { description: 'Asked; see `recent` of the schedule' } },
  errors: [404, 409],
  async handle({ services, params, response }) {
    await services.client.schedules.trigger(params.id);
    services.logger.info({ schedule: params.id }, 'triggered schedule');
    response.status(202).location(`/schedules/${params.id}`).end();
  },
});

const backfillSchedule = defineRoute({
  method: 'post',
  path: '/schedules/:id/backfill',
  summary: 'Make up for due times of the past; `{"dryRun": true}` only lists them',
  tag: 'schedules',
  admin: true,
  params: scheduleParams,
  body: z.strictObject({
    from: time,
    to: time,
    overlap: z.enum(OVERLAPS).optional().describe('Default: one after the other'),
    dryRun: z.boolean().default(false),
  }),
  answers: {
    200: {
      description: 'The due times',
      schema: z.object({ dryRun: z.boolean(), times: z.array(z.string()) }),
    },
  },
  errors: [404, 409],
  async handle({ services, params, body, response }) {
    const report = await services.client.schedules.backfill(params.id, body);
    if (!body.dryRun) services.logger.info({ schedule: params.id, runs: report.times.length }, 'backfilled schedule');
    response.json(report);
  },
});

const nextTimes = defineRoute({
  method: 'get',
  path: '/schedules/:id/next',
  summary: 'Times to come, in any time zone, with changes of clocks marked',
  tag: 'schedules',
  params: scheduleParams,
  query: nextQuery,
  answers: { 200: { description: 'The times', schema: timesSchema } },
  errors: [404, 409],
  async handle({ services, params, query, response }) {
    response.json({ times: await services.client.schedules.next(params.id, query) });
  },
});

const listRuns = defineRoute({
  method: 'get',
  path: '/schedule-runs',
  summary: 'What became of due times: ran, skipped or missed, with the reason; newest first',
  tag: 'schedules',
  query: runsQuery,
  answers: { 200: { description: 'One page of the ledger', schema: z.object({ runs: z.array(scheduleRunSchema) }) } },
  async handle({ services, query: { schedule, state, before, limit }, response }) {
    const runs = await services.scheduleLedger.list({
      limit,
      ...(schedule === undefined ? {} : { scheduleId: schedule }),
      ...(state === undefined ? {} : { states: [state] }),
      ...(before === undefined ? {} : { before }),
    });
    response.json({ runs });
  },
});

/** In the order of the documentation; fixed paths before those with an id. */
export const scheduleRoutes: readonly Route[] = [
  listSchedules,
  addSchedule,
  syncSchedules,
  previewTimes,
  createUserReport,
  getSchedule,
  updateSchedule,
  removeSchedule,
  pausing('pause', 'Start nothing until it is unpaused'),
  pausing('unpause', 'Go on; due times of the pause are not made up for'),
  triggerSchedule,
  backfillSchedule,
  nextTimes,
  listRuns,
];
