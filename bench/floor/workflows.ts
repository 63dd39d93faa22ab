/**
 * Implements the scenarios of the canvas benchmark as plain workflows over plain activities, the least work possible.
 */
import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import { ACTIVITIES_QUEUE, type FloorActivities } from './names.ts';

const { addOne, sum } = proxyActivities<FloorActivities>({
  taskQueue: ACTIVITIES_QUEUE,
  startToCloseTimeout: '1 minute',
});

/** Maximum number of activities at the same time; more would wait in the database of the server and be slower. */
const AT_ONCE = 50;
/** Maximum number of activities in one run, which keeps its history as small as that of a canvas. */
const A_RUN = 1000;

/** Makes one call. */
export function bareCall(n: number): Promise<number> {
  return addOne(n);
}

/** Makes calls one after the other. */
export async function bareChain(count: number): Promise<number> {
  let value = 0;
  for (let n = 0; n < count; n += 1) value = await addOne(value);
  return value;
}

/** Makes calls side by side and returns their number. */
export async function bareGroup(count: number, done = 0): Promise<number> {
  const now = Math.min(count, A_RUN);
  await callAll(now);
  return now < count ? continueAsNew<typeof bareGroup>(count - now, done + now) : done + now;
}

/** Makes calls side by side, and one more with all their results. */
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
