/** The domains that an application has only when its configuration names them as plug-ins; all else is always there. */
import type { DomainContract } from './domain.ts';
import * as domains from './domains.ts';

/** Names of these domains. */
export const PLUGGABLE = [
  'ai',
  'billing',
  'data',
  'documents',
  'email',
  'imports',
  'media',
  'messages',
  'reports',
] as const satisfies (keyof typeof domains)[];

/** Name of a domain that is a plug-in. */
export type PluggableDomain = (typeof PLUGGABLE)[number];

/** Tells whether a name is that of a domain that is a plug-in. */
export function isPluggable(name: string): name is PluggableDomain {
  return (PLUGGABLE as readonly string[]).includes(name); // widened, so that any name can be looked up
}

/** Returns the plug-ins among the domains that are not in a list. */
export function without(present: readonly PluggableDomain[]): readonly PluggableDomain[] {
  return PLUGGABLE.filter((name) => !present.includes(name));
}

/** Names of the tasks and workflows of a domain. */
export function worksOf(name: PluggableDomain): readonly string[] {
  const { tasks, workflows }: Required<Pick<DomainContract, 'tasks' | 'workflows'>> = domains[name];
  return [...Object.values(tasks).map((task) => task.name), ...Object.values(workflows)];
}
