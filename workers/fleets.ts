/** Profiles of worker processes: which queues a process serves, with how many slots, and why. */
import { activityQueues, queueOf } from '../contracts/register.schema.ts';
import { type FleetName, type FleetRow, FLEETS, isFleetName } from '../contracts/queues/fleets.ts';
import { queues } from '../contracts/queues/names.ts';
import { perSecond } from '../contracts/queues/rates.ts';
import { REGIONAL_QUEUE, regionalQueue, REGIONS } from '../contracts/queues/regions.ts';
import type { QueueRow } from '../contracts/queues/table.ts';
import type { Config } from '../config/types.ts';

/** How one process serves one activity queue. */
export interface QueueProfile {
  /** Name of the queue, with its region if it has one, for example `documents.default@eu-west`. */
  readonly queue: string;
  /** Activities of this queue that the process runs at once. */
  readonly slots: number;
  /**
   * Starts in a second, over all processes together.
   * @defaultValue unlimited
   */
  readonly perSecond?: number;
}

/** What the configurations of process and application say of rates and fleets. */
export interface FleetSettings extends Partial<Pick<Config['worker'], 'rates' | 'disableRateLimits'>> {
  /** Fleets of the application. @defaultValue none */
  readonly own?: readonly FleetRow[] | undefined;
}

/** The work of one worker process. */
export interface Fleet {
  readonly workflows: boolean;
  readonly activities: readonly QueueProfile[];
}

/**
 * Returns the fleet with a name. The table of queues defines how each is served; a queue without tasks is not served.
 * @param cores - number of cores; CPU-bound queues get one slot more, so that no core idles while a document is opened
 *   or saved
 * @param region - region whose calls the process also takes
 * @param settings - rates of queues in place of those of the table, and fleets beside those of the product
 * @throws RangeError there is no such fleet
 */
export function fleetOf(
  name: string,
  cores: number,
  region: Config['worker']['region'] = 'all',
  settings: FleetSettings = {},
): Fleet {
  const { own = [] } = settings;
  const regions = REGIONS.filter((one) => region === 'all' || region === one);
  const ofOurs = activityQueues().filter((row) => queueOf(row).language === undefined);
  const served = ofOurs.flatMap((row) => [
    { row, queue: row },
    ...(row === REGIONAL_QUEUE ? regions.map((one) => ({ row, queue: regionalQueue(one) })) : []),
  ]);
  const profiles = (wants: (row: string) => boolean, slots?: QueueRow['slots']): readonly QueueProfile[] =>
    served.filter(({ row }) => wants(row)).map((one) => profileOf(one, cores, settings, slots));
  if (isFleetName(name)) return productFleet(name, own, profiles);
  const found = own.find(({ fleet }) => fleet === name);
  if (found === undefined) throw new RangeError(`expected a fleet among ${fleetNames(own).join(', ')}, got '${name}'`);
  return { workflows: false, activities: profiles((row) => found.queues.includes(row), found.slots) };
}

/** Names of all fleets: of the product, then of the application. */
export function fleetNames(own: readonly FleetRow[]): readonly string[] {
  return [...FLEETS, ...own.map(({ fleet }) => fleet)];
}

function productFleet(
  name: FleetName,
  own: readonly FleetRow[],
  profiles: (wants: (row: string) => boolean) => readonly QueueProfile[],
): Fleet {
  const apart = new Set(own.flatMap((row) => row.queues));
  const fleets = {
    all: () => ({ workflows: true, activities: profiles(() => true) }),
    // With one process of each fleet of the application, an installation lacks nothing.
    rest: () => ({ workflows: true, activities: profiles((row) => !apart.has(row)) }),
    // Bookkeeping is served together with workflows, which wait for it.
    workflows: () => ({ workflows: true, activities: profiles((row) => row === queues.system) }),
    documents: () => ({ workflows: false, activities: profiles((row) => row.startsWith('documents.')) }),
    messaging: () => ({ workflows: false, activities: profiles((row) => row.startsWith('messaging.')) }),
    ai: () => ({ workflows: false, activities: profiles((row) => row.startsWith('ai.')) }),
    billing: () => ({ workflows: false, activities: profiles((row) => row.startsWith('billing.')) }),
    data: () => ({ workflows: false, activities: profiles((row) => row.startsWith('data.')) }),
    media: () => ({ workflows: false, activities: profiles((row) => row === queues.adminMedia) }),
  } satisfies Readonly<Record<FleetName, () => Fleet>>;
  return fleets[name]();
}

function profileOf(
  { row, queue }: { readonly row: string; readonly queue: string },
  cores: number,
  { rates = {}, disableRateLimits = false }: FleetSettings,
  ofFleet?: QueueRow['slots'],
): QueueProfile {
  const { slots: ofQueue, rate: own } = queueOf(row);
  const slots = ofFleet ?? ofQueue;
  const rate = disableRateLimits ? undefined : (rates[queue] ?? own);
  return {
    queue,
    slots: slots === 'cores' ? cores + 1 : slots,
    ...(rate === undefined ? {} : { perSecond: perSecond(rate) }),
  };
}
