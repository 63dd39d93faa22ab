/** The list of domains: each builds its activities over real adapters. */
import type { Activities } from '../../activities/shell/activity.ts';
import type { TasksByDomain } from '../../contracts/catalogue.ts';
import { createDocumentsDomain } from './documents.ts';
import type { CreateDomain, Domain, DomainContext } from './domain.ts';
import { createEmailDomain } from './email.ts';
import { createHousekeepingDomain } from './housekeeping.ts';
import { createImportsDomain } from './imports.ts';
import { createLimitsDomain } from './limits.ts';
import { createOperationsDomain } from './operations.ts';
import { createOwnDomain } from './own.ts';
import { createReportsDomain } from './reports.ts';
import { createSamplesDomain } from './samples.ts';
import { createSchedulesDomain } from './schedules.ts';

/** Every domain of the catalogue; the compiler misses one that is not here. */
type Domains = Readonly<Record<keyof TasksByDomain, CreateDomain>>;

const domains: Domains = {
  documents: createDocumentsDomain,
  email: createEmailDomain,
  housekeeping: createHousekeepingDomain,
  imports: createImportsDomain,
  limits: createLimitsDomain,
  operations: createOperationsDomain,
  own: createOwnDomain,
  reports: createReportsDomain,
  samples: createSamplesDomain,
  schedules: createSchedulesDomain,
};

/**
 * Builds every domain.
 *
 * @param others - what is built in the place of a domain, for measurements
 */
export function createDomains(context: DomainContext, others: Partial<Domains> = {}): Required<Domain> {
  const built = Object.values({ ...domains, ...others }).map((create) => create(context));
  return {
    activities: Object.assign({}, ...built.map(({ activities }) => activities)) as Activities, // Object.assign forgets the type
    close: async () => {
      await Promise.allSettled(built.map((domain) => domain.close?.() ?? Promise.resolve()));
    },
  };
}
