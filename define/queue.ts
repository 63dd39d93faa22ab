import type { QueueRow } from '../contracts/queues/table.ts';

/** How the workers of an application serve one of its queues. */
export type QueueOptions = {
  readonly [Key in 'priority' | 'slots' | 'rate' | 'purpose' | 'language']?: QueueRow[Key] | undefined;
};
