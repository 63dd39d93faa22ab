/** Builds the activities of all domains with their real adapters. */
import type { Activities } from '../../activities/shell/activity.ts';
import type { TasksByDomain } from '../../contracts/catalogue.ts';
import * as domains from '../domains.ts';
import type { CreateDomain, Domain, DomainContext } from './domain.ts';

/** Loads each domain of the catalogue; a missing one does not compile. */
const all: Readonly<Record<DomainName, () => Promise<CreateDomain>>> = domains;

type DomainName = keyof TasksByDomain;

/** Which domains are built, and how. */
export interface DomainChoice {
  /** Those that the application does not have; their modules are not loaded. @defaultValue none */
  readonly without?: readonly DomainName[];
  /** Replacements for domains, for measurements. @defaultValue none */
  readonly others?: Partial<Readonly<Record<DomainName, CreateDomain>>>;
}

/** Builds the domains. */
export async function createDomains(
  context: DomainContext,
  { without = [], others = {} }: DomainChoice = {},
): Promise<Required<Domain>> {
  const names = (Object.keys(all) as DomainName[]).filter((name) => !without.includes(name)); // the list has no other keys
  const built: Domain[] = [];
  for (const name of names) built.push((others[name] ?? (await all[name]()))(context));
  return {
    activities: Object.assign({}, ...built.map(({ activities }) => activities)) as Activities, // Object.assign loses the type
    close: async () => {
      await Promise.allSettled(built.map((domain) => domain.close?.() ?? Promise.resolve()));
    },
  };
}
