/** Fleets: which queues a worker process serves. The table of those of the product is `workers/fleets.ts`. */
import type { QueueRow } from './table.ts';

/** Names of the fleets of the product. */
export const FLEETS = ['all', 'rest', 'workflows', 'documents', 'messaging', 'billing', 'ai', 'data', 'media'] as const;

/** The name of a fleet of the product. */
export type FleetName = (typeof FLEETS)[number];

/** Tells whether a name is that of a fleet of the product. */
export function isFleetName(name: string): name is FleetName {
  return (FLEETS as readonly string[]).includes(name); // widened, so that any string can be looked up
}

/** A fleet of an application. */
export interface FleetRow {
  readonly fleet: string;
  /** Each once. */
  readonly queues: readonly string[];
  /** Activities that one process runs at once from each of its queues. @defaultValue what the rows of the queues say */
  readonly slots?: QueueRow['slots'] | undefined;
  /** Processes that an installation has. */
  readonly processes: number;
  readonly purpose: string;
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** What {@link mayNameFleet} takes, for messages. */
export const FLEET_NAME_EXPECTED = 'small letters, digits and hyphens, at most 40, a letter first';

/** Tells whether a text may name a fleet: processes, log files and services of an installation are named by it. */
export function mayNameFleet(name: string): boolean {
  return NAME.test(name);
}
