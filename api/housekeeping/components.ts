/** Names and examples of the shapes of housekeeping in the OpenAPI document. */
import { component, type Components } from '../http/components.ts';
import { runSchema, startedRunSchema } from './schemas.ts';

const id = 'housekeeping-cleanupTempFiles';

export const housekeepingComponents: Components = {
  HousekeepingRun: component(runSchema, { id, status: 'completed', result: { removed: 12 } }),
  StartedHousekeepingRun: component(startedRunSchema, { id, status: 'running' }),
};
