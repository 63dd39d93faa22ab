/** Routes that say whether the process answers, and whether work that is handed in will be done. */
import type { ApiDomainWithPorts } from '../domain.ts';
import { routesWith } from '../http/route.ts';
import { openHealthPorts, type HealthPorts, type HealthServices } from './ports.ts';
import { aliveSchema, healthySchema, readySchema } from './schemas.ts';

const defineRoute = routesWith<HealthServices>();

/** Says that the process answers (HEALTH-1). */
const answering = defineRoute({
  method: 'get',
  path: '/health',
  summary: 'The API answers',
  open: true,
  answers: { 200: { description: 'Healthy', schema: healthySchema } },
  handle({ response }) {
    response.json({ status: 'healthy', timestamp: new Date().toISOString() });
    return Promise.resolve();
  },
});

/** Says whether work that is handed in now will be done (HEALTH-2). */
const ready = defineRoute({
  method: 'get',
  path: '/health/ready',
  summary: 'Database, blob store, Temporal server and workers do their work',
  open: true,
  answers: {
    200: { description: 'Ready', schema: readySchema },
    503: { description: 'Degraded (no workers) or not ready (no database, blob store or server)', schema: readySchema },
  },
  async handle({ services, response }) {
    const { httpStatus, body } = await services.readiness();
    response.status(httpStatus).json(body);
  },
});

/** Says that the process need not be restarted (HEALTH-3): its own state only, never that of others. */
const live = defineRoute({
  method: 'get',
  path: '/health/live',
  summary: 'The process need not be restarted',
  open: true,
  answers: { 200: { description: 'Alive', schema: aliveSchema } },
  handle({ response }) {
    response.json({ status: 'alive', timestamp: new Date().toISOString() });
    return Promise.resolve();
  },
});

export const health: ApiDomainWithPorts<HealthPorts> = {
  tag: 'health',
  openPorts: openHealthPorts,
  routes: [answering, ready, live],
};
