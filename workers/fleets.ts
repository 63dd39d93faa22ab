/** Worker process profiles: which queues a process serves, with how many slots, and why. */
import { activityQueues } from '../contracts/catalogue.ts';
import { queueRow } from '../contracts/queues/table.ts';
import { type QueueName, queues } from '../contracts/queues/names.ts';
import { perSecond } from '../contracts/queues/rates.ts';
import { REGIONAL_QUEUE, regionalQueue, REGIONS } from '../contracts/queues/regions.ts';
import type { Config } from '../config/types.ts';

type FleetName = Config['worker']['fleet'];

/** How one process serves one activity queue. */
export interface QueueProfile {
  /** With its region where there is one, for example `documents.default@eu-west`. */
  readonly queue: string;
  /** Activities of this queue that the process runs at once. */
  readonly slots: number;
  /** Starts a second of all processes together. @defaultValue as many as there are */
  readonly perSecond?: number;
}

/** What one worker process does. */
export interface Fleet {
  readonly workflows: boolean;
  readonly activities: readonly QueueProfile[];
}

/**
 * The fleet of a name. The table of queues says how each is served; a queue
 * without tasks has nothing to be served.
 *
 * @param cores - what CPU-bound queues get one slot more than, so that no core idles while a document is opened or saved
 * @param region - whose regional calls the process takes too
 */
export function fleetOf(name: FleetName, cores: number, region: Config['worker']['region'] = 'all'): Fleet {
  const profiles = activityQueues.map((queue) => profileOf(queue, queue, cores));
  const regions = REGIONS.filter((one) => region === 'all' || region === one);
  const regional = regions.map((one) => profileOf(REGIONAL_QUEUE, regionalQueue(one), cores));
  const documents = [...profiles.filter(({ queue }) => queue.startsWith('documents.')), ...regional];
  const fleets: Readonly<Record<FleetName, Fleet>> = {
    all: { workflows: true, activities: [...profiles, ...regional] },
    // Bookkeeping belongs to orchestration.
    workflows: { workflows: true, activities: profiles.filter(({ queue }) => queue === queues.system) },
    documents: { workflows: false, activities: documents },
  };
  return fleets[name];
}

function profileOf(row: QueueName, queue: string, cores: number): QueueProfile {
  const { slots, rate } = queueRow(row);
  return {
    queue,
    slots: slots === 'cores' ? cores + 1 : slots,
    ...(rate === undefined ? {} : { perSecond: perSecond(rate) }),
  };
}
