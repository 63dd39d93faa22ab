/** The activities that keep limits. */
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { limitTasks } from '../../contracts/limits/tasks.ts';
import type { AcquireLimitInput, AcquireLimitOutput } from '../../contracts/limits/schema.ts';
import type { LimitStore } from '../../services/limits/port.ts';
import { shell, type ShellOptions } from '../shell/shell.ts';
import { type Runs, serverRuns } from './runs.ts';

/** Activities over a store of limits, by task name. */
export function createLimitActivities(
  limits: LimitStore,
  options: ShellOptions,
  runs: Runs = serverRuns,
): Readonly<Record<string, (input: unknown) => Promise<unknown>>> {
  const { reserve, acquire, release } = limitTasks;
  const wakeAll = (holders: readonly string[], key: string): Promise<unknown> =>
    // A lost wake-up is no loss: whoever waits looks again by itself.
    Promise.allSettled(holders.map((holder) => runs.wake(holder, key)));

  return {
    [reserve.name]: shell(
      reserve,
      taskSchemas[reserve.name],
      async ({ key, rate }) => ({ waitMs: await limits.reserve(key, rate) }),
      options,
    ),
    [acquire.name]: shell(
      acquire,
      taskSchemas[acquire.name],
      (input) => acquirePlace(limits, runs, wakeAll, input),
      options,
    ),
    [release.name]: shell(
      release,
      taskSchemas[release.name],
      async ({ key, holder, concurrency }) => {
        await wakeAll(await limits.release(key, holder, concurrency), key);
        return { released: true };
      },
      options,
    ),
  };
}

/**
 * Asks for a place, and where there is none looks whether those who have one
 * still live: a run that was terminated could not give its place back.
 */
async function acquirePlace(
  limits: LimitStore,
  runs: Runs,
  wakeAll: (holders: readonly string[], key: string) => Promise<unknown>,
  { key, holder, concurrency }: AcquireLimitInput,
): Promise<AcquireLimitOutput> {
  const answer = await limits.acquire(key, holder, concurrency);
  const woken = [...answer.woken];
  for (const suspect of answer.suspects) {
    if (await runs.hasEnded(suspect)) woken.push(...(await limits.release(key, suspect, concurrency)));
  }
  await wakeAll(
    woken.filter((other) => other !== holder),
    key,
  );
  return woken.includes(holder) ? { granted: true, ahead: 0 } : { granted: answer.granted, ahead: answer.ahead };
}
