/** Worker process profiles: which queues a process serves, with how many slots, and why. */
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
  const documents: readonly QueueProfile[] = [
    // One more than there are readers: while a document is opened or saved, no core idles.
    { queue: queues.documentsOcr, slots: ocrProcesses + 1 },
    // Waits for the database most of the time.
    { queue: queues.documentsDefault, slots: 20 },
  ];
  const fleets: Readonly<Record<FleetName, Fleet>> = {
    all: { workflows: true, activities: documents },
    workflows: { workflows: true, activities: [] },
    documents: { workflows: false, activities: documents },
  };
  return fleets[name];
}
