/** Names and examples of the shapes of Breaker in the OpenAPI document. */
import { component, type Components } from '../http/components.ts';
import { breakerChangeBody, breakerOpenBody, breakerSchema, breakerWithChangesSchema } from './schemas.ts';

const breaker = {
  key: 'api.example.com',
  state: 'open',
  failures: 5,
  reason: '5 of 5 calls failed with BackendUnavailable',
  since: '2026-01-31T12:00:00.000Z',
  lastFailureAt: '2026-01-31T12:00:00.000Z',
  nextProbeAt: '2026-01-31T12:00:30.000Z',
  throttledUntil: null,
  parked: 12,
} as const;

export const breakerComponents: Components = {
  Breaker: component(breakerSchema, breaker),
  BreakerState: component(breakerSchema.shape.state),
  BreakerWithChanges: component(breakerWithChangesSchema, {
    ...breaker,
    changes: [{ at: '2026-01-31T12:00:00.000Z', change: 'opened', by: 'worker', reason: '5 of 5 calls failed' }],
  }),
  ChangeOfBreaker: component(breakerChangeBody, { reason: 'The provider answers again.', by: 'ada' }),
  OpeningOfBreaker: component(breakerOpenBody, { reason: 'Maintenance until noon.', by: 'ada', forMs: 3_600_000 }),
};
