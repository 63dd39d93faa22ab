import { createLimitActivities } from '../../activities/limits/index.ts';
import { serverRuns } from '../../activities/limits/runs.ts';
import { createLimitStore } from '../../services/limits/postgres.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Builds the limits domain with its real adapters. */
export function createLimitsDomain({ database, shell }: DomainContext): Domain {
  return { activities: createLimitActivities({ limits: createLimitStore(database), runs: serverRuns }, shell) };
}
