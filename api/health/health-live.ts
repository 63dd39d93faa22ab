import { defineRoute } from '../http/route.ts';
import { aliveSchema } from '../documents/schemas.ts';

/** Says that the process need not be restarted (HEALTH-3): its own state only, never that of others. */
export const healthLive = defineRoute({
  method: 'get',
  path: '/health/live',
  summary: 'The process need not be restarted (HEALTH-3)',
  tag: 'health',
  open: true,
  answers: { 200: { description: 'Alive', schema: aliveSchema } },
  handle({ response }) {
    response.json({ status: 'alive', timestamp: new Date().toISOString() });
    return Promise.resolve();
  },
});
