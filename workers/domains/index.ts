/** Builds the activities of all domains over real adapters. */
import type { Activities } from '../../activities/shell/activity.ts';
import type { TasksByDomain } from '../../contracts/catalogue.ts';
import * as domains from '../domains.ts';
import type { CreateDomain, Domain, DomainContext } from './domain.ts';

/** Every domain of the catalogue; the compiler misses one that is not here. */
type Domains = Readonly<Record<keyof TasksByDomain, CreateDomain>>;

const all: Domains = domains;

/**
 * Builds every domain.
 *
 * @param others - what is built in the place of a domain, for measurements
 */
export function createDomains(context: DomainContext, others: Partial<Domains> = {}): Required<Domain> {
  const built = Object.values({ ...all, ...others }).map((create) => create(context));
  return {
    activities: Object.assign({}, ...built.map(({ activities }) => activities)) as Activities, // Object.assign forgets the type
    close: async () => {
      await Promise.allSettled(built.map((domain) => domain.close?.() ?? Promise.resolve()));
    },
  };
}
