/** Builds the activities of all domains with their real adapters. */
import type { Activities } from '../../activities/shell/activity.ts';
import type { TasksByDomain } from '../../contracts/catalogue.ts';
import * as domains from '../domains.ts';
import type { CreateDomain, Domain, DomainContext } from './domain.ts';

/** Every domain of the catalogue; a missing one does not compile. */
type Domains = Readonly<Record<keyof TasksByDomain, CreateDomain>>;

const all: Domains = domains;

/**
 * Builds every domain.
 * @param others - replacements for domains, for measurements
 */
export function createDomains(context: DomainContext, others: Partial<Domains> = {}): Required<Domain> {
  const built = Object.values({ ...all, ...others }).map((create) => create(context));
  return {
    activities: Object.assign({}, ...built.map(({ activities }) => activities)) as Activities, // Object.assign loses the type
    close: async () => {
      await Promise.allSettled(built.map((domain) => domain.close?.() ?? Promise.resolve()));
    },
  };
}
