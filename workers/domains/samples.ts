import { createSampleActivities } from '../../activities/samples/index.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Builds the domain of samples, which need no adapters. */
export function createSamplesDomain({ shell }: DomainContext): Domain {
  return { activities: createSampleActivities({}, shell) };
}
