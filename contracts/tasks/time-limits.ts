/**
 * Time limits by queue: what the tasks of an application have unless their own
 * row says otherwise (TIME-1…5). Soft aborts the task's signal, hard is where
 * the server gives the attempt up (P3-57).
 */
import { standardLimits } from './policies.ts';
import type { QueueName } from '../queues/names.ts';
import type { TimeLimits } from './definition.ts';
import { SECOND_MS } from '../values/units.ts';

function limits(softSeconds: number, hardSeconds: number, reason: string): TimeLimits {
  return { softMs: softSeconds * SECOND_MS, hardMs: hardSeconds * SECOND_MS, heartbeatMs: 5 * SECOND_MS, reason };
}

/** TIME-2: of DataCleanup. */
const dataLimits = limits(240, 300, 'TIME-2: soft 240 s, hard 300 s.');

/** TIME-3: of AFIRGen. */
const casesLimits = limits(3300, 3600, 'TIME-3: soft 3300 s, hard 3600 s.');

/** TIME-4: of MINGUS; work as long as that goes in chunks and stops between two of them. */
export const longLimits = limits(1500, 1800, 'TIME-4: soft 1500 s, hard 1800 s.');

const byDomain: Readonly<Record<string, TimeLimits>> = {
  ai: dataLimits,
  billing: dataLimits,
  cases: casesLimits,
  data: dataLimits,
  messaging: longLimits,
};

/** TIME-5: AU-VLP wants values for each category of task and gives none; these are ours. */
const byQueue: { readonly [Q in QueueName]?: TimeLimits } = {
  'admin.default': limits(60, 90, 'TIME-5: system and debug tasks answer at once.'),
  'admin.email': limits(120, 180, 'TIME-5: an SMTP server answers within minutes or not at all.'),
  'admin.media': limits(600, 900, 'TIME-5: large pictures take minutes.'),
  'admin.reports': limits(1500, 1800, 'TIME-5: exports grow with what is stored.'),
  'admin.maintenance': limits(3300, 3600, 'TIME-5: cleaning grows with what is stored, and nobody waits for it.'),
};

/** The limits of the tasks of a queue. */
export function queueLimits(queue: QueueName): TimeLimits {
  return byQueue[queue] ?? byDomain[queue.split('.')[0] ?? ''] ?? standardLimits;
}
