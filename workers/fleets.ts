/** Profiles of worker processes: which queues a process serves, with how many slots, and why. */
import { activityQueues, queueOf } from '../contracts/register.schema.ts';
import { queues } from '../contracts/queues/names.ts';
import { perSecond } from '../contracts/queues/rates.ts';
import { REGIONAL_QUEUE, regionalQueue, REGIONS } from '../contracts/queues/regions.ts';
import type { Config } from '../config/types.ts';

type FleetName = Config['worker']['fleet'];

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

/** What the configuration says of rates. */
export type RateSettings = Partial<Pick<Config['worker'], 'rates' | 'disableRateLimits'>>;

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
 * @param settings - rates of queues in place of those of the table
 */
export function fleetOf(
  name: FleetName,
  cores: number,
  region: Config['worker']['region'] = 'all',
  settings: RateSettings = {},
): Fleet {
  const profiles = activityQueues().map((queue) => profileOf(queue, queue, cores, settings));
  const regions = REGIONS.filter((one) => region === 'all' || region === one);
  const regional = regions.map((one) => profileOf(REGIONAL_QUEUE, regionalQueue(one), cores, settings));
  const documents = [...profiles.filter(({ queue }) => queue.startsWith('documents.')), ...regional];
  const fleets: Readonly<Record<FleetName, Fleet>> = {
    all: { workflows: true, activities: [...profiles, ...regional] },
    // Bookkeeping is served together with workflows, which wait for it.
    workflows: { workflows: true, activities: profiles.filter(({ queue }) => queue === queues.system) },
    documents: { workflows: false, activities: documents },
    messaging: { workflows: false, activities: profiles.filter(({ queue }) => queue.startsWith('messaging.')) },
  };
  return fleets[name];
}

function profileOf(
  row: string,
  queue: string,
  cores: number,
  { rates = {}, disableRateLimits = false }: RateSettings,
): QueueProfile {
  const { slots, rate: own } = queueOf(row);
  const rate = disableRateLimits ? undefined : (rates[queue] ?? own);
  return {
    queue,
    slots: slots === 'cores' ? cores + 1 : slots,
    ...(rate === undefined ? {} : { perSecond: perSecond(rate) }),
  };
}
