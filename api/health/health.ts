import { defineRoute } from '../http/route.ts';
import { healthySchema } from '../documents/schemas.ts';

/** Says that the process answers (HEALTH-1). */
export const health = defineRoute({
  method: 'get',
  path: '/health',
  summary: 'The API answers (HEALTH-1)',
  tag: 'health',
  open: true,
  answers: { 200: { description: 'Healthy', schema: healthySchema } },
  handle({ response }) {
    response.json({ status: 'healthy', timestamp: new Date().toISOString() });
    return Promise.resolve();
  },
});
