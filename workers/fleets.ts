/** Worker process profiles: which queues a process serves, with how many slots, and why. */
import { activityQueues } from '../contracts/catalogue.ts';
import { type QueueName, queues } from '../contracts/queues.ts';
import type { Config } from '../config/types.ts';

type FleetName = Config['worker']['fleet'];

/** How one process serves one activity queue. */
export interface QueueProfile {
  readonly queue: QueueName;
  /** Activities of this queue that the process runs at once. */
  readonly slots: number;
}

/** What one worker process does. */
export interface Fleet {
  readonly workflows: boolean;
  readonly activities: readonly QueueProfile[];
}

/** The fleet of a name. */
export function fleetOf(name: FleetName, ocrProcesses: number): Fleet {
  const profiles: readonly QueueProfile[] = [
    // One more than there are readers: while a document is opened or saved, no core idles.
    { queue: queues.documentsOcr, slots: ocrProcesses + 1 },
    // Waits for the database most of the time.
    { queue: queues.documentsDefault, slots: 20 },
    // As many as an SMTP pool keeps busy.
    { queue: queues.documentsEmail, slots: 20 },
    // Heavy work that nobody waits for must not take the cores from what somebody waits for.
    { queue: queues.documentsLowPriority, slots: 4 },
  ];
  const documents = profiles.filter(({ queue }) => activityQueues.includes(queue));
  const fleets: Readonly<Record<FleetName, Fleet>> = {
    all: { workflows: true, activities: documents },
    workflows: { workflows: true, activities: [] },
    documents: { workflows: false, activities: documents },
  };
  return fleets[name];
}
