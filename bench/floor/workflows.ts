/** The least that the scenarios of the canvas benchmark can be: plain workflows over plain activities. */
import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import { ACTIVITIES_QUEUE, type FloorActivities } from './names.ts';

const { addOne, sum } = proxyActivities<FloorActivities>({
  taskQueue: ACTIVITIES_QUEUE,
  startToCloseTimeout: '1 minute',
});

/** Activities under way at once: more of them wait in the server's database, and are slower. */
const AT_ONCE = 50;
/** Activities of one run: its history stays as small as ours. */
const A_RUN = 1000;

/** One call. */
export function bareCall(n: number): Promise<number> {
  return addOne(n);
}

/** Calls one after the other. */
export async function bareChain(count: number): Promise<number> {
  let value = 0;
  for (let n = 0; n < count; n += 1) value = await addOne(value);
  return value;
}

/** Calls side by side; how many there were. */
export async function bareGroup(count: number, done = 0): Promise<number> {
  const now = Math.min(count, A_RUN);
  await callAll(now);
  return now < count ? continueAsNew<typeof bareGroup>(count - now, done + now) : done + now;
}

/** Calls side by side, and one with all their results. */
export async function bareChord(count: number): Promise<number> {
  return sum(await callAll(count));
}

async function callAll(count: number): Promise<number[]> {
  const results: number[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const n = next;
      next += 1;
      results[n] = await addOne(n);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, lane));
  return results;
}
