/**
 * Regions (GEO-1): a call may ask for one, and then only workers of that region
 * take it. A region is a suffix of the queue, so that nothing but the workers'
 * configuration decides who serves it.
 */
import { PerennialError } from '../failures.ts';
import { type QueueName, queues } from './names.ts';

/** A place where workers stand. */
export type Region = 'us-east' | 'us-west' | 'eu-west' | 'asia';

export const REGIONS = ['us-east', 'us-west', 'eu-west', 'asia'] as const satisfies readonly Region[];

/** Where a call goes whose region nobody knows (GEO-2). */
export const FALLBACK_REGION: Region = 'us-east';

/** The queue that regional calls use. */
export const REGIONAL_QUEUE: QueueName = queues.documentsDefault;

/** Says whether a string names a region. */
export function isRegion(name: string): name is Region {
  return (REGIONS as readonly string[]).includes(name); // widened to ask for any string
}

/** The queue of one region, for example `documents.default@eu-west`. */
export function regionalQueue(region: Region, queue: QueueName = REGIONAL_QUEUE): string {
  return `${queue}@${region}`;
}

/** The region of a queue; `undefined` for a queue of no region. */
export function regionOf(queue: string): Region | undefined {
  const suffix = queue.split('@')[1] ?? '';
  return isRegion(suffix) ? suffix : undefined;
}

/** Where a regional call goes. */
export interface ChosenRegion {
  readonly region: Region;
  /** The region that was asked for is not known: worth a warning (GEO-2). */
  readonly fallback: boolean;
}

/**
 * Decides the region of a call (GEO-2, P3-21).
 *
 * @param requested - what the caller asked for
 * @param residency - where the task's data must stay, if anywhere
 * @throws PerennialError `ResidencyViolation`: the data of such a task never goes elsewhere, not even by a typing error
 */
export function chooseRegion(requested: string, residency?: Region): ChosenRegion {
  if (residency !== undefined && requested !== residency) {
    throw new PerennialError(
      'ResidencyViolation',
      `region: expected ${residency}, where the data of this task must stay, got '${requested.slice(0, 60)}'`,
    );
  }
  return isRegion(requested) ? { region: requested, fallback: false } : { region: FALLBACK_REGION, fallback: true };
}
