/** Names and examples of the shapes of health in the OpenAPI document. */
import { component, type Components } from '../http/components.ts';
import { aliveSchema, healthySchema, readySchema } from './schemas.ts';

const timestamp = '2026-01-31T12:00:00.000Z';

export const healthComponents: Components = {
  Health: component(healthySchema, { status: 'healthy', timestamp }),
  Liveness: component(aliveSchema, { status: 'alive', timestamp }),
  Readiness: component(readySchema, {
    status: 'ready',
    timestamp,
    checks: { database: 'ok', blobs: 'ok', temporal: 'ok', workers: 'ok' },
  }),
};
