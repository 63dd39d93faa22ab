/**
 * Priorities. There is one scale: 1 to 10, and **10 goes first** (PRIO-1). Every
 * other scale is turned into it at the edge (P3-01), and it is turned into the
 * server's keys, where 1 goes first, in one place: {@link priorityKey}.
 */

/** First to go, for payments (PRIO-1). */
export const PRIORITY_HIGH = 10;
/** Where nothing is said. */
export const PRIORITY_NORMAL = 5;
/** Last to go: analytics, cleanup. */
export const PRIORITY_LOW = 1;

/** How many keys the server tells apart: five by default, ten where `matching.priorityLevels=10`. */
export type PriorityLevels = 5 | 10;

/** What a priority means to people (PRIO-1). */
export type PriorityBand = 'critical' | 'high' | 'normal' | 'low';

/** Says whether a number is a priority: a whole number from 1 to 10. */
export function isPriority(value: number): boolean {
  return Number.isInteger(value) && value >= PRIORITY_LOW && value <= PRIORITY_HIGH;
}

/** The band of a priority: 10 critical, 7–9 high, 4–6 normal, 1–3 low. */
export function priorityBand(priority: number): PriorityBand {
  if (priority >= 10) return 'critical';
  if (priority >= 7) return 'high';
  return priority >= 4 ? 'normal' : 'low';
}

/**
 * The server's key for a priority, 1 going first (P3-01). Always set it: what
 * carries no key counts as the middle one.
 *
 * @param levels - as the server is configured; a key beyond its levels counts as the last
 * @throws RangeError for anything but a whole number from 1 to 10
 */
export function priorityKey(priority: number, levels: PriorityLevels = 5): number {
  if (!isPriority(priority)) throw new RangeError(`priority: expected a whole number from 1 to 10, got ${priority}`);
  if (levels === 10) return 11 - priority;
  if (priority === 10) return 1;
  if (priority >= 7) return 2;
  if (priority >= 4) return 3;
  return priority >= 2 ? 4 : 5;
}

/** From the scale of MINGUS, where 1 goes first and 10 last (PRIO-5, P3-01). */
export function fromReversedScale(priority: number): number {
  return 11 - priority;
}

/**
 * From Celery's 0–9. What goes first depends on Celery's broker: RabbitMQ serves
 * 9 first, Redis 0 (P3-01).
 */
export function fromCeleryScale(priority: number, broker: 'rabbitmq' | 'redis'): number {
  const clamped = Math.min(9, Math.max(0, Math.round(priority)));
  return broker === 'rabbitmq' ? clamped + 1 : 10 - clamped;
}
