import { createLimitActivities } from '../../activities/limits/index.ts';
import { serverRuns } from '../../activities/limits/runs.ts';
import { withRates } from '../../services/limits/rates.ts';
import { createLimitStore } from '../../services/limits/postgres.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Builds the limits domain with its real adapters. */
export function createLimitsDomain({ config, database, shell }: DomainContext): Domain {
  const limits = withRates(createLimitStore(database), config.worker);
  return { activities: createLimitActivities({ limits, runs: serverRuns }, shell) };
}
