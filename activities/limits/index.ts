/** The activities that keep limits: one body for each row of `contracts/limits/tasks.ts`. */
import { type AcquireLimitInput, type AcquireLimitOutput, limitTaskSchemas } from '../../contracts/limits/schema.ts';
import { limitTasks } from '../../contracts/limits/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import type { LimitPorts } from './ports.ts';

/** Creates the activities of limits. Every one may run twice. */
export const createLimitActivities = activitiesOf(limitTasks, limitTaskSchemas, (ports: LimitPorts) => ({
  reserve: async ({ key, rate }) => ({ waitMs: await ports.limits.reserve(key, rate) }),
  acquire: (input) => acquirePlace(ports, input),
  release: async ({ key, holder, concurrency }) => {
    await wakeAll(ports, await ports.limits.release(key, holder, concurrency), key);
    return { released: true };
  },
}));

/** Wakes runs that received a place. A lost wake-up does no harm, because waiting runs check again by themselves. */
async function wakeAll({ runs }: LimitPorts, holders: readonly string[], key: string): Promise<void> {
  await Promise.allSettled(holders.map((holder) => runs.wake(holder, key)));
}

/**
 * Requests a place. When there is none, checks whether the holders are still alive, because a terminated run could not
 * release its place.
 */
async function acquirePlace(
  ports: LimitPorts,
  { key, holder, concurrency }: AcquireLimitInput,
): Promise<AcquireLimitOutput> {
  const { limits, runs } = ports;
  const answer = await limits.acquire(key, holder, concurrency);
  const woken = [...answer.woken];
  for (const suspect of answer.suspects) {
    if (await runs.hasEnded(suspect)) woken.push(...(await limits.release(key, suspect, concurrency)));
  }
  await wakeAll(
    ports,
    woken.filter((other) => other !== holder),
    key,
  );
  return woken.includes(holder) ? { granted: true, ahead: 0 } : { granted: answer.granted, ahead: answer.ahead };
}
