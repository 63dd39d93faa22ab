/** Routes of canvases that the application has given names. */
import { z } from 'zod';
import { canvasCallSchema } from '../../contracts/canvas/schema.ts';
import { allCanvases } from '../../contracts/canvas/register.schema.ts';
import { tenantSchema } from '../../contracts/tasks/schema.ts';
import { cutPage, pageOf, pageShape, sendPage } from '../http/paging.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { idOfKey } from '../http/idempotency.ts';
import { startedSchema } from '../http/schemas.ts';

export const namedCanvasSchema = z.object({ name: z.string(), purpose: z.string() });
export const namedCanvasesSchema = pageOf(namedCanvasSchema);

const { onFailure, parkedFor } = canvasCallSchema.shape;
export const startNamedBody = z.strictObject({
  input: z.unknown().optional().describe('Its input; default an empty object'),
  tenant: tenantSchema.optional(),
  onFailure,
  parkedFor,
});

const listNames = defineRoute({
  name: 'listNamedCanvases',
  method: 'get',
  path: '/v1/canvases',
  summary: 'Canvases of the application that can be started by name',
  query: z.strictObject(pageShape()),
  answers: { 200: { description: 'Canvases, by name', schema: namedCanvasesSchema } },
  async handle({ query, request, response }) {
    const canvases = allCanvases().map(({ name, purpose }) => ({ name, purpose }));
    await sendPage({ request, response, query }, z.string(), (after) =>
      Promise.resolve(cutPage(canvases, ({ name }) => name, { after, limit: query.limit })),
    );
  },
});

const startNamed = defineRoute({
  name: 'startNamedCanvas',
  method: 'post',
  path: '/v1/canvases/:name',
  summary: 'Start a canvas of the application by its name; the same Idempotency-Key is the same run',
  admin: true,
  params: z.object({ name: z.string().min(1).max(200).describe('Name of a canvas') }),
  body: startNamedBody,
  answers: { 202: { description: 'Started', schema: startedSchema } },
  errors: [422],
  async handle({ services, params: { name }, body: { input = {}, ...call }, request, response }) {
    const run = await services.client.canvas.start(name, input, { ...call, id: idOfKey(request) });
    response
      .status(202)
      .location(`/v1/canvas/${encodeURIComponent(run.id)}`)
      .json({ id: run.id });
  },
});

export const namedCanvasRoutes: readonly Route[] = [listNames, startNamed];
