/** Routes about the times of schedules: future times, backfills, and the outcomes of past times. */
import { z } from 'zod';
import { endAt, sendPage } from '../http/paging.ts';
import { routesWith } from '../http/route.ts';
import type { ScheduleServices } from './ports.ts';
import {
  backfillBody,
  backfillSchema,
  nextQuery,
  previewBody,
  runListSchema,
  runsQuery,
  scheduleParams,
  timesSchema,
} from './schemas.ts';

const defineRoute = routesWith<ScheduleServices>();

export const previewTimes = defineRoute({
  name: 'previewSchedule',
  method: 'post',
  path: '/v1/schedules/preview',
  summary: 'Times to come of a timing that nobody has added yet, with changes of clocks marked',
  changesNothing: true,
  body: previewBody,
  answers: { 200: { description: 'The times', schema: timesSchema } },
  handle({ services, body: { timing, timeZone, ...options }, response }) {
    response.json({ times: services.client.schedules.preview(timing, timeZone, options) });
    return Promise.resolve();
  },
});

export const backfillSchedule = defineRoute({
  name: 'backfillSchedule',
  method: 'post',
  path: '/v1/schedules/:id/backfill',
  summary: 'Make up for due times of the past; `{"dryRun": true}` only lists them',
  admin: true,
  params: scheduleParams,
  body: backfillBody,
  answers: { 200: { description: 'The due times', schema: backfillSchema } },
  errors: [404, 409],
  async handle({ services, params, body, response }) {
    const report = await services.client.schedules.backfill(params.id, body);
    if (!body.dryRun) services.logger.info({ schedule: params.id, runs: report.times.length }, 'backfilled schedule');
    response.json(report);
  },
});

export const nextTimes = defineRoute({
  name: 'listScheduleTimes',
  method: 'get',
  path: '/v1/schedules/:id/next',
  summary: 'Times to come, in any time zone, with changes of clocks marked',
  params: scheduleParams,
  query: nextQuery,
  answers: { 200: { description: 'The times', schema: timesSchema } },
  errors: [404, 409],
  async handle({ services, params, query, response }) {
    response.json({ times: await services.client.schedules.next(params.id, query) });
  },
});

const runPositionSchema = z.strictObject({ dueAt: z.iso.datetime(), scheduleId: z.string() });

export const listRuns = defineRoute({
  name: 'listScheduleRuns',
  method: 'get',
  path: '/v1/schedule-runs',
  summary: 'What became of due times: ran, skipped or missed, with the reason; newest first',
  query: runsQuery,
  answers: { 200: { description: 'One page of the ledger', schema: runListSchema } },
  async handle({ services, query, request, response }) {
    const { schedule, state, limit } = query;
    await sendPage({ request, response, query }, runPositionSchema, async (after) => {
      const runs = await services.scheduleLedger.list({
        limit: limit + 1,
        ...(schedule === undefined ? {} : { scheduleId: schedule }),
        ...(state === undefined ? {} : { states: [state] }),
        ...(after === undefined ? {} : { after }),
      });
      return endAt(runs, ({ dueAt, scheduleId }) => ({ dueAt, scheduleId }), limit);
    });
  },
});
