/** Routes of canvases: start, watch and stop a run. */
import { canvasComponents } from './components.ts';
import { approvalRoutes } from './approvals.ts';
import { namedCanvasRoutes } from './named.ts';
import { CANVAS_BOUNDS } from '../../contracts/canvas/limits.ts';
import { startCanvasSchema } from '../../contracts/canvas/schema.ts';
import {
  canvasParams,
  canvasTreeSchema,
  canvasViewSchema,
  revokedCallsSchema,
  revokeCallsBody,
  treeQuery,
} from './schemas.ts';
import type { ApiDomain } from '../domain.ts';
import { defineRoute } from '../http/route.ts';
import { changesOf, EVENT_ANSWERS, sendStates } from '../http/event-stream.ts';
import { startedSchema } from '../http/schemas.ts';
import { taskInfoSchema } from '../tasks/schemas.ts';
import { idOfKey } from '../http/idempotency.ts';

const startCanvas = defineRoute({
  name: 'startCanvas',
  method: 'post',
  path: '/v1/canvas',
  summary: "Run a composition of tasks, as Celery's JSON; the same Idempotency-Key is the same run",
  admin: true,
  body: startCanvasSchema,
  bounds: CANVAS_BOUNDS,
  answers: { 202: { description: 'Started', schema: startedSchema } },
  errors: [422],
  async handle({ services, body, request, response }) {
    const { canvas, ...call } = body;
    const run = await services.client.canvas.runJson(canvas, { ...call, id: idOfKey(request), externalOnly: true });
    response
      .status(202)
      .location(`/v1/canvas/${encodeURIComponent(run.id)}`)
      .json({ id: run.id });
  },
});

/** Most failures that the view of a run lists. */
const SHOWN_FAILURES = 100;

const getCanvas = defineRoute({
  name: 'getCanvas',
  method: 'get',
  path: '/v1/canvas/:id',
  summary: 'How far a run is, and which calls failed',
  params: canvasParams,
  answers: { 200: { description: 'Calls by where they stand', schema: canvasViewSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    const { canvas } = services.client;
    const view = await canvas.progress(params.id);
    const failures = await canvas.failedMembers(params.id, { limit: SHOWN_FAILURES });
    const running = view.status === 'running';
    const { steps } = running ? await services.client.parked.get(canvas.get(params.id).id) : { steps: [] };
    response.json({ ...view, parked: steps.slice(0, SHOWN_FAILURES), failures });
  },
});

const canvasEvents = defineRoute({
  name: 'watchCanvas',
  method: 'get',
  path: '/v1/canvas/:id/events',
  summary: 'Server-sent events: `progress` with the counts of the calls whenever they change, then one `end`',
  params: canvasParams,
  answers: EVENT_ANSWERS,
  errors: [404, 429],
  async handle({ services, params, request, response, signal }) {
    const { canvas } = services.client;
    const read = () => canvas.progress(params.id);
    await sendStates(
      { services, request, response, signal },
      {
        event: 'progress',
        require: read,
        states: (until, intervalMs) =>
          changesOf({
            read,
            // The parts of a run that was stopped may still be ending their calls.
            isOver: ({ status, over }) => status !== 'running' && over,
            // The estimate of a run in parts changes with the time.
            newsOf: (view) => ({ ...view, remainingMs: null }),
            signal: until,
            intervalMs,
          }),
        end: async () => ({ status: (await read()).status }),
      },
    );
  },
});

const getResult = defineRoute({
  name: 'getCanvasResult',
  method: 'get',
  path: '/v1/canvas/:id/result',
  summary: 'The result of a run, or where it stands: the answer that a task gives',
  params: canvasParams,
  answers: { 200: { description: 'State, and once it is over result or failure', schema: taskInfoSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    const { canvas, tasks } = services.client;
    response.json(await tasks.get(canvas.get(params.id).id).status());
  },
});

const getTree = defineRoute({
  name: 'getCanvasTree',
  method: 'get',
  path: '/v1/canvas/:id/tree',
  summary: 'A piece of the tree of a run: state, attempts, waits and run time of each node',
  params: canvasParams,
  query: treeQuery,
  answers: { 200: { description: 'The node and what is below it', schema: canvasTreeSchema } },
  errors: [404],
  async handle({ services, params, query, response }) {
    response.json(await services.client.canvas.tree(params.id, query));
  },
});

const cancelCanvas = defineRoute({
  name: 'cancelCanvas',
  method: 'post',
  path: '/v1/canvas/:id/cancel',
  summary: 'Stop a run; what runs is told to stop',
  admin: true,
  params: canvasParams,
  answers: { 202: { description: 'Asked to stop', schema: startedSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    await services.client.canvas.cancel(params.id);
    services.logger.info({ canvas: params.id }, 'canvas cancelled');
    response.status(202).json({ id: services.client.canvas.get(params.id).id });
  },
});

const revokeCalls = defineRoute({
  name: 'revokeCanvasCalls',
  method: 'post',
  path: '/v1/canvas/:id/revoke',
  summary: 'Revoke the calls at and below a path; the rest of the run continues',
  admin: true,
  params: canvasParams,
  body: revokeCallsBody,
  answers: { 200: { description: 'Revoked', schema: revokedCallsSchema } },
  errors: [404, 409],
  async handle({ services, params, body: { path }, response }) {
    const revoked = await services.client.canvas.revoke(params.id, path);
    services.logger.info({ canvas: params.id, path, calls: revoked.calls }, 'part of a canvas revoked');
    response.json(revoked);
  },
});

const retryCanvas = defineRoute({
  name: 'retryCanvas',
  method: 'post',
  path: '/v1/canvas/:id/retry',
  summary: 'Run the failed members of a run again; for the same run it is the same repetition',
  admin: true,
  params: canvasParams,
  answers: { 202: { description: 'Started', schema: startedSchema } },
  errors: [404, 409, 413],
  async handle({ services, params, response }) {
    const run = await services.client.canvas.retryFailed(params.id);
    services.logger.info({ canvas: params.id, repeated_as: run.id }, 'failed members of a canvas run again');
    response
      .status(202)
      .location(`/v1/canvas/${encodeURIComponent(run.id)}`)
      .json({ id: run.id });
  },
});

export const canvas: ApiDomain = {
  tag: 'canvas',
  components: canvasComponents,
  routes: [
    startCanvas,
    getCanvas,
    canvasEvents,
    getResult,
    getTree,
    cancelCanvas,
    revokeCalls,
    retryCanvas,
    ...namedCanvasRoutes,
    ...approvalRoutes,
  ],
};
