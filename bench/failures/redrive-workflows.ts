/** The workflows that the measurement of redrives runs: a pipeline, and the redrive of many. */
import { tasks } from '../../workflows/calls/index.ts';

export { redriveLetters } from '../../workflows/index.ts';

/** Steps of the pipeline; the last one fails while the provider is away. */
const STEPS = 10;

/** Makes ten calls, each with an input of its own. */
export async function tenSteps(first: number): Promise<number> {
  let sum = 0;
  for (let step = 0; step < STEPS; step += 1) sum += await tasks.samples.addOne({ data: first + step });
  return sum;
}
