/**
 * Default time limits by queue, as the Celery applications have them. The soft limit aborts the task's signal; at the hard
 * limit the server ends the attempt.
 */
import { standardLimits } from './policies.ts';
import type { QueueName } from '../queues/names.ts';
import type { TimeLimits } from './definition.ts';
import { SECOND_MS } from '../values/units.ts';

function limits(softSeconds: number, hardSeconds: number, reason: string): TimeLimits {
  return { softMs: softSeconds * SECOND_MS, hardMs: hardSeconds * SECOND_MS, heartbeatMs: 5 * SECOND_MS, reason };
}

/** Limits of DataCleanup. */
const dataLimits = limits(240, 300, 'Soft 240 s, hard 300 s.');

/** Limits of AFIRGen. */
const casesLimits = limits(3300, 3600, 'Soft 3300 s, hard 3600 s.');

/** Limits of MINGUS; such long work is split into chunks and stops between two of them. */
export const longLimits = limits(1500, 1800, 'Soft 1500 s, hard 1800 s.');

const byDomain: Readonly<Record<string, TimeLimits>> = {
  ai: dataLimits,
  billing: dataLimits,
  cases: casesLimits,
  data: dataLimits,
  messaging: longLimits,
};

/** AU-VLP requires limits for each category of tasks without giving values, so these were chosen here. */
const byQueue: { readonly [Q in QueueName]?: TimeLimits } & Readonly<Record<string, TimeLimits>> = {
  'admin.default': limits(60, 90, 'System and debug tasks answer at once.'),
  'admin.email': limits(120, 180, 'An SMTP server answers within minutes or not at all.'),
  'admin.media': limits(600, 900, 'Large pictures take minutes.'),
  'admin.reports': limits(1500, 1800, 'Exports grow with what is stored.'),
  'admin.maintenance': limits(3300, 3600, 'Cleaning grows with what is stored, and nobody waits for it.'),
};

/** Returns the default limits of the tasks of a queue. */
export function queueLimits(queue: string): TimeLimits {
  return byQueue[queue] ?? byDomain[queue.split('.')[0] ?? ''] ?? standardLimits;
}
