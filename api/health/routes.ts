/** Routes of health: liveness and readiness of the process. */
import type { ApiDomainWithPorts } from '../domain.ts';
import { routesWith } from '../http/route.ts';
import { healthComponents } from './components.ts';
import { openHealthPorts, type HealthPorts, type HealthServices } from './ports.ts';
import { aliveSchema, healthySchema, readySchema } from './schemas.ts';

const defineRoute = routesWith<HealthServices>();

/** Says that the process answers. */
const answering = defineRoute({
  name: 'getHealth',
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

/** Reports whether new work will be done: database, blob store, server and workers. */
const ready = defineRoute({
  name: 'getReadiness',
  method: 'get',
  path: '/health/ready',
  summary: 'Database, blob store, Temporal server and workers do their work',
  open: true,
  answers: {
    200: { description: 'Ready', schema: readySchema },
    503: {
      description: 'Degraded (a queue without workers) or not ready (no database, blob store or server)',
      schema: readySchema,
    },
  },
  async handle({ services, response }) {
    const { httpStatus, body } = await services.readiness();
    response.status(httpStatus).json(body);
  },
});

/** Reports the state of this process only, because restarting it does not repair a dependency. */
const live = defineRoute({
  name: 'getLiveness',
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
  components: healthComponents,
  openPorts: openHealthPorts,
  routes: [answering, ready, live],
};
