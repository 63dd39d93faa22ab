/** Routes of failed steps that wait for a person: look at them, and decide. */
import { z } from 'zod';
import type { ParkedDecided, ParkedDecider, ParkedJobs } from '../../client/index.ts';
import { parkedDecidedSchema, parkedDeciderSchema, parkedRunSchema } from '../../contracts/parked/schema.ts';
import type { ApiDomain } from '../domain.ts';
import { pageOf, sendPage } from '../http/paging.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { parkedComponents } from './components.ts';
import { parkedParams as params, parkedQuery, retryBody, skipBody } from './schemas.ts';

const list = defineRoute({
  name: 'listParked',
  method: 'get',
  path: '/v1/parked',
  summary: 'Runs in which failed steps wait for a person, the newest first',
  admin: true,
  query: parkedQuery,
  answers: { 200: { description: 'The runs, each with what waits', schema: pageOf(parkedRunSchema) } },
  async handle({ services, query, request, response }) {
    await sendPage({ request, response, query }, z.string(), async (cursor) => {
      const { items, nextCursor } = await services.client.parked.list({ limit: query.limit, cursor });
      return { items, next: nextCursor };
    });
  },
});

const show = defineRoute({
  name: 'getParked',
  method: 'get',
  path: '/v1/parked/:id',
  summary: 'What waits in a run and its parts, and what was decided',
  admin: true,
  params,
  answers: { 200: { description: 'What waits', schema: parkedRunSchema } },
  errors: [404],
  async handle({ services, params: { id }, response }) {
    response.json(await services.client.parked.get(id));
  },
});

/** The parts in which the routes made by {@link deciding} differ. */
interface Deciding<B extends z.ZodType<Who>> {
  readonly action: ParkedDecided['action'];
  readonly summary: string;
  readonly body: B;
  /** What the paths of the answer are. */
  readonly answer: string;
  /** Message for the log. */
  readonly logged: string;
  readonly apply: (jobs: ParkedJobs, id: string, body: z.output<B>) => Promise<ParkedDecided>;
}

type Who = Pick<ParkedDecider, 'by' | 'reason'>;

/** Makes a route that decides about what waits in one run, and notes in the log who did and why. */
function deciding<B extends z.ZodType<Who>>({ action, summary, body, answer, logged, apply }: Deciding<B>): Route {
  return defineRoute({
    name: `${action}Parked`,
    method: 'post',
    path: `/v1/parked/:id/${action}`,
    summary,
    admin: true,
    params,
    body,
    answers: { 200: { description: answer, schema: parkedDecidedSchema } },
    errors: [404],
    async handle({ services, params: { id }, body: given, response }) {
      const decided = await apply(services.client.parked, id, given);
      services.logger.info(auditOf(id, decided.paths, given), logged);
      response.json(decided);
    },
  });
}

const retry = deciding({
  action: 'retry',
  summary: 'Run failed steps again in place, one of them with another input',
  body: retryBody,
  answer: 'What runs again',
  logged: 'parked steps run again',
  apply: (jobs, id, body) => jobs.retry(id, body),
});

const skip = deciding({
  action: 'skip',
  summary: 'Go on with a value in the place of the result of a failed step',
  body: skipBody,
  answer: 'What is skipped',
  logged: 'parked step skipped',
  apply: (jobs, id, body) => jobs.skip(id, body),
});

const abort = deciding({
  action: 'abort',
  summary: 'Let failed steps fail as they would have failed at once',
  body: parkedDeciderSchema,
  answer: 'What fails',
  logged: 'parked steps aborted',
  apply: (jobs, id, body) => jobs.abort(id, body),
});

/** Most paths of one line of the log. */
const MOST_PATHS = 20;

function auditOf(run: string, paths: readonly string[], { by, reason }: Who): object {
  return { run, steps: paths.length, paths: paths.slice(0, MOST_PATHS), by, reason };
}

/** The routes of parked steps. */
export const parked: ApiDomain = {
  tag: 'parked',
  routes: [list, show, retry, skip, abort],
  components: parkedComponents,
};
