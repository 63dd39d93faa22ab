/**
 * Regions: only workers of the region that a call asks for execute it. A region is a suffix of the queue name, so that the
 * configuration of the workers alone decides which of them serve it.
 */
import { PerennialError } from '../failures.ts';
import { type QueueName, queues } from './names.ts';

/** A place where workers run. */
export type Region = 'us-east' | 'us-west' | 'eu-west' | 'asia';

export const REGIONS = ['us-east', 'us-west', 'eu-west', 'asia'] as const satisfies readonly Region[];

/** Region of a call that asks for an unknown one. */
export const FALLBACK_REGION: Region = 'us-east';

/** The queue that regional calls use. */
export const REGIONAL_QUEUE: QueueName = queues.documentsDefault;

/** Tells whether a string names a region. */
export function isRegion(name: string): name is Region {
  return (REGIONS as readonly string[]).includes(name); // widened, so that any string can be looked up
}

/** Returns the queue of a region, for example `documents.default@eu-west`. */
export function regionalQueue(region: Region, queue: QueueName = REGIONAL_QUEUE): string {
  return `${queue}@${region}`;
}

/** Returns the region of a queue; `undefined` for a queue without a region. */
export function regionOf(queue: string): Region | undefined {
  const suffix = queue.split('@')[1] ?? '';
  return isRegion(suffix) ? suffix : undefined;
}

/** The region that was chosen for a call. */
export interface ChosenRegion {
  readonly region: Region;
  /** Whether the requested region is unknown, which deserves a warning. */
  readonly fallback: boolean;
}

/**
 * Chooses the region of a call.
 *
 * @param requested - region that the caller asked for
 * @param residency - region that the task's data must not leave
 * @throws PerennialError `ResidencyViolation`: the requested region is not the residency, which also protects the data from mistyped regions
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
