/**
 * Priorities on one scale: 1 to 10, and **10 goes first**. Other scales are converted at the edge, and {@link priorityKey}
 * converts this scale to the keys of the Temporal server, where 1 goes first.
 */

/** Highest priority, for payments. */
export const PRIORITY_HIGH = 10;
/** Default priority. */
export const PRIORITY_NORMAL = 5;
/** Lowest priority, for analytics and cleanup. */
export const PRIORITY_LOW = 1;

/** Number of priority keys of the server: five by default, ten with `matching.priorityLevels=10`. */
export type PriorityLevels = 5 | 10;

/** Name for a range of priorities. */
export type PriorityBand = 'critical' | 'high' | 'normal' | 'low';

/** Tells whether a number is a priority: an integer from 1 to 10. */
export function isPriority(value: number): boolean {
  return Number.isInteger(value) && value >= PRIORITY_LOW && value <= PRIORITY_HIGH;
}

/** Returns the band of a priority: 10 critical, 7–9 high, 4–6 normal, 1–3 low. */
export function priorityBand(priority: number): PriorityBand {
  if (priority >= 10) return 'critical';
  if (priority >= 7) return 'high';
  return priority >= 4 ? 'normal' : 'low';
}

/**
 * Returns the server's key for a priority, where 1 goes first. Set it on every task, because the server gives a task
 * without a key the middle one.
 *
 * @param levels - as configured on the server, which treats a key beyond its levels as the last one
 * @throws RangeError the priority is not an integer from 1 to 10
 */
export function priorityKey(priority: number, levels: PriorityLevels = 5): number {
  if (!isPriority(priority)) throw new RangeError(`priority: expected a whole number from 1 to 10, got ${priority}`);
  if (levels === 10) return 11 - priority;
  if (priority === 10) return 1;
  if (priority >= 7) return 2;
  if (priority >= 4) return 3;
  return priority >= 2 ? 4 : 5;
}

/** Converts a priority from the scale of MINGUS, where 1 goes first and 10 last. */
export function fromReversedScale(priority: number): number {
  return 11 - priority;
}

/**
 * Converts a priority from Celery's scale 0 to 9. RabbitMQ serves 9 first, Redis serves 0 first.
 */
export function fromCeleryScale(priority: number, broker: 'rabbitmq' | 'redis'): number {
  const clamped = Math.min(9, Math.max(0, Math.round(priority)));
  return broker === 'rabbitmq' ? clamped + 1 : 10 - clamped;
}
