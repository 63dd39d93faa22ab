import { readiness, runChecks } from '../../observability/health.ts';
import { defineRoute } from '../http/route.ts';
import { readySchema } from '../documents/schemas.ts';

/** Says whether work that is handed in now will be done (HEALTH-2). */
export const healthReady = defineRoute({
  method: 'get',
  path: '/health/ready',
  summary: 'Database, Temporal server and workers are there (HEALTH-2)',
  tag: 'health',
  open: true,
  answers: {
    200: { description: 'Ready', schema: readySchema },
    503: { description: 'Degraded (no workers) or not ready (no database or server)', schema: readySchema },
  },
  async handle({ services, response }) {
    const { httpStatus, body } = readiness(await runChecks(services.checks));
    response.status(httpStatus).json(body);
  },
});
