/** Routes of schedules: list, add, change, pause and trigger. Routes about times are in `times.ts`. */
import { z } from 'zod';
import type { PerennialClient } from '../../client/index.ts';
import {
  createUserReportInputSchema,
  createUserReportOutputSchema,
  newScheduleSchema,
  scheduleChangesSchema,
} from '../../contracts/schedules/schema.ts';
import type { ApiDomainWithPorts } from '../domain.ts';
import { cutPage, sendPage } from '../http/paging.ts';
import { routesWith, type Route } from '../http/route.ts';
import { scheduleComponents } from './components.ts';
import { openSchedulePorts, type SchedulePorts, type ScheduleServices } from './ports.ts';
import {
  noteBody,
  scheduleListSchema,
  scheduleParams,
  scheduleSchema,
  schedulesQuery,
  syncBody,
  syncSchema,
} from './schemas.ts';
import { backfillSchedule, listRuns, nextTimes, previewTimes } from './times.ts';

const defineRoute = routesWith<ScheduleServices>();

const listSchedules = defineRoute({
  name: 'listSchedules',
  method: 'get',
  path: '/v1/schedules',
  summary: 'All schedules of the server, also those that Perennial did not make',
  query: schedulesQuery,
  answers: { 200: { description: 'The schedules, by name', schema: scheduleListSchema } },
  async handle({ services, query, request, response }) {
    await sendPage({ request, response, query }, z.string(), async (after) =>
      cutPage(await services.client.schedules.list(), ({ id }) => id, { after, limit: query.limit }),
    );
  },
});

const addSchedule = defineRoute({
  name: 'createSchedule',
  method: 'post',
  path: '/v1/schedules',
  summary: 'Add a schedule; the same one again is no error',
  admin: true,
  body: newScheduleSchema,
  answers: {
    201: { description: 'Added', schema: scheduleSchema },
    200: { description: 'It was there already', schema: scheduleSchema },
  },
  errors: [409],
  async handle({ services, body, response }) {
    const { created } = await services.client.schedules.add(body);
    if (created) services.logger.info({ schedule: body.id }, 'added schedule');
    response
      .status(created ? 201 : 200)
      .location(`/v1/schedules/${encodeURIComponent(body.id)}`)
      .json(await services.client.schedules.describe(body.id));
  },
});

const syncSchedules = defineRoute({
  name: 'syncSchedules',
  method: 'post',
  path: '/v1/schedules/sync',
  summary: 'Bring the server to the schedules of code; `{"dryRun": true}` only tells the difference',
  admin: true,
  body: syncBody,
  answers: { 200: { description: 'What has changed, or would', schema: syncSchema } },
  async handle({ services, body, response }) {
    const report = await services.client.schedules.sync(body);
    if (!body.dryRun) services.logger.info({ changes: report.changes.length }, 'synced schedules');
    response.json(report);
  },
});

const createUserReport = defineRoute({
  name: 'createUserReportSchedule',
  method: 'post',
  path: '/v1/schedules/user-reports',
  summary: 'Report to a user every morning at 8 of the user’s time zone',
  body: createUserReportInputSchema,
  answers: { 201: { description: 'The schedule is there', schema: createUserReportOutputSchema } },
  errors: [404],
  async handle({ services, body, response }) {
    const created = await services.client.schedules.createUserReportTask(body.userId);
    services.logger.info({ schedule: created.task_name }, 'added schedule');
    response
      .status(201)
      .location(`/v1/schedules/${encodeURIComponent(created.task_name)}`)
      .json(created);
  },
});

const getSchedule = defineRoute({
  name: 'getSchedule',
  method: 'get',
  path: '/v1/schedules/:id',
  summary: 'One schedule: its definition, state, next and last runs',
  params: scheduleParams,
  answers: { 200: { description: 'The schedule', schema: scheduleSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await services.client.schedules.describe(params.id));
  },
});

/** The parts in which the routes made by {@link changing} differ. */
interface Change<B extends z.ZodType> {
  readonly name: string;
  readonly method: 'post' | 'patch';
  readonly path: string;
  readonly summary: string;
  readonly body: B;
  /** Message for the log. */
  readonly logged: string;
  readonly apply: (schedules: PerennialClient['schedules'], id: string, body: z.output<B>) => Promise<void>;
}

/** Makes a route that changes one schedule and answers with its new state. */
function changing<B extends z.ZodType>({ logged, apply, ...facts }: Change<B>): Route<ScheduleServices> {
  return defineRoute({
    ...facts,
    admin: true,
    params: scheduleParams,
    answers: { 200: { description: 'The schedule', schema: scheduleSchema } },
    errors: [404, 409],
    async handle({ services, params, body, response }) {
      const { schedules } = services.client;
      await apply(schedules, params.id, body);
      services.logger.info({ schedule: params.id }, logged);
      response.json(await schedules.describe(params.id));
    },
  });
}

const updateSchedule = changing({
  name: 'updateSchedule',
  method: 'patch',
  path: '/v1/schedules/:id',
  summary: 'Change a schedule that was added at run time; what is left out stays',
  body: scheduleChangesSchema,
  logged: 'updated schedule',
  apply: (schedules, id, changes) => schedules.update(id, changes),
});

const pauseSchedule = changing({
  name: 'pauseSchedule',
  method: 'post',
  path: '/v1/schedules/:id/pause',
  summary: 'Start nothing until it is unpaused',
  body: noteBody,
  logged: 'paused schedule',
  apply: (schedules, id, { note }) => schedules.pause(id, note),
});

const unpauseSchedule = changing({
  name: 'unpauseSchedule',
  method: 'post',
  path: '/v1/schedules/:id/unpause',
  summary: 'Go on; due times of the pause are not made up for',
  body: noteBody,
  logged: 'unpaused schedule',
  apply: (schedules, id, { note }) => schedules.unpause(id, note),
});

const removeSchedule = defineRoute({
  name: 'deleteSchedule',
  method: 'delete',
  path: '/v1/schedules/:id',
  summary: 'Remove a schedule that was added at run time; runs under way go on',
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

const triggerSchedule = defineRoute({
  name: 'triggerSchedule',
  method: 'post',
  path: '/v1/schedules/:id/trigger',
  summary: 'Start a run now, also while paused',
  admin: true,
  params: scheduleParams,
  answers: { 202: { description: 'Asked; see `recent` of the schedule' } },
  errors: [404, 409],
  async handle({ services, params, response }) {
    await services.client.schedules.trigger(params.id);
    services.logger.info({ schedule: params.id }, 'triggered schedule');
    response
      .status(202)
      .location(`/v1/schedules/${encodeURIComponent(params.id)}`)
      .end();
  },
});

/** The routes of schedules. Fixed paths stand before paths with an id, because the first match answers. */
export const schedules: ApiDomainWithPorts<SchedulePorts> = {
  tag: 'schedules',
  components: scheduleComponents,
  openPorts: openSchedulePorts,
  routes: [
    listSchedules,
    addSchedule,
    syncSchedules,
    previewTimes,
    createUserReport,
    getSchedule,
    updateSchedule,
    removeSchedule,
    pauseSchedule,
    unpauseSchedule,
    triggerSchedule,
    backfillSchedule,
    nextTimes,
    listRuns,
  ],
};
