/** The activities that keep limits: one body for each row of `contracts/limits/tasks.ts`. */
import { type AcquireLimitInput, type AcquireLimitOutput, limitTaskSchemas } from '../../contracts/limits/schema.ts';
import { limitTasks } from '../../contracts/limits/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import type { LimitPorts } from './ports.ts';

export const createLimitActivities = activitiesOf(limitTasks, limitTaskSchemas, (ports: LimitPorts) => ({
  reserve: async ({ key, rate }) => ({ waitMs: await ports.limits.reserve(key, rate) }),
  acquire: (input) => acquirePlace(ports, input),
  release: async ({ key, holder, concurrency }) => {
    await wakeAll(ports, await ports.limits.release(key, holder, concurrency), key);
    return { released: true };
  },
}));

/** A lost wake-up is no loss: whoever waits looks again by itself. */
async function wakeAll({ runs }: LimitPorts, holders: readonly string[], key: string): Promise<void> {
  await Promise.allSettled(holders.map((holder) => runs.wake(holder, key)));
}

/**
 * Asks for a place, and where there is none looks whether those who have one
 * still live: a run that was terminated could not give its place back.
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
