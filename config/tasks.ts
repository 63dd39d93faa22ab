/** Settings of calling tasks: priorities, regions, and who may start tasks by name. */
import { choice, optional, type ValuesOf } from './entries.ts';

export const callEntries = {
  PRIORITY_LEVELS: choice(['5', '10'], '5', {
    doc: 'Priorities that the Temporal server tells apart: 5 on every server, 10 where it runs with `matching.priorityLevels=10`.',
  }),
  WORKER_REGION: choice(['auto', 'all', 'none', 'us-east', 'us-west', 'eu-west', 'asia'], 'auto', {
    doc: 'Whose regional calls a worker takes. `auto`: all of them in development, none in production.',
  }),
  ADMIN_API_KEY: optional('a key of at least 16 characters', (value) => value.length >= 16, {
    doc: 'Key of administrators: needed to start tasks by name, to revoke and to pause queues. Unset: nobody may while API_KEY is set.',
    secret: true,
  }),
};

type CallValues = ValuesOf<typeof callEntries>;

/** How many priorities the server tells apart. */
export function priorityLevels({ PRIORITY_LEVELS }: CallValues): 5 | 10 {
  return PRIORITY_LEVELS === '10' ? 10 : 5;
}

/** Whose regional calls a worker takes. Data of a region must not reach a production worker by an omission. */
export function workerRegion(
  { WORKER_REGION }: CallValues,
  environment: 'development' | 'production',
): Exclude<CallValues['WORKER_REGION'], 'auto'> {
  if (WORKER_REGION !== 'auto') return WORKER_REGION;
  return environment === 'production' ? 'none' : 'all';
}
