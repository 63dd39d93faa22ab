/** Routes of compositions. */
import { createHash } from 'node:crypto';
import { startCanvasSchema } from '../../contracts/canvas.schema.ts';
import { defineRoute, type Route } from '../route.ts';
import { startedSchema } from '../schemas.ts';

const startCanvas = defineRoute({
  method: 'post',
  path: '/canvas',
  summary: "Run a composition of tasks, as Celery's JSON; the same Idempotency-Key is the same run",
  tag: 'tasks',
  admin: true,
  body: startCanvasSchema,
  answers: { 202: { description: 'Started', schema: startedSchema } },
  async handle({ services, body, request, response }) {
    const { canvas, ...call } = body;
    const key = request.get('idempotency-key');
    // Hashed, because a key may hold characters that an id may not.
    const id = key === undefined ? undefined : `key-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
    const run = await services.client.canvas.runJson(canvas, { ...call, id, externalOnly: true });
    response.status(202).json({ id: run.id });
  },
});

export const canvasRoutes: readonly Route[] = [startCanvas];
