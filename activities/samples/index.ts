/** The sample tasks of canvases: pure functions, one for each row of `contracts/samples/tasks.ts`. */
import { chord, task } from '../../canvas/build/builders.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import { sampleTaskSchemas } from '../../contracts/samples/schema.ts';
import { sampleTasks } from '../../contracts/samples/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';

/** Makes the body of a task that only computes. */
const pure =
  <In, Out>(calculate: (input: In) => Out) =>
  (input: In): Promise<Out> =>
    Promise.resolve(calculate(input));

interface Numbers {
  readonly data: readonly number[];
}

const addOne = pure(({ data }: { data: number }) => data + 1);
const sum = pure(({ data }: Numbers) => data.reduce((total, n) => total + n, 0));

function squaresSummed(data: readonly number[]): Signature {
  const header = data.map((n) => task(sampleTasks.square).si({ data: n }));
  return chord(header, task(sampleTasks.sum).into('data', {}));
}

/** Creates the sample activities. They use no ports, because their results depend on their arguments only. */
export const createSampleActivities = activitiesOf(sampleTasks, sampleTaskSchemas, (_none: object) => ({
  addOne,
  addOneTiny: addOne,
  double: pure(({ data }) => data * 2),
  subtractFive: pure(({ data }) => data - 5),
  square: pure(({ data }) => data ** 2),
  sum,
  sumTiny: sum,
  validateData: pure(({ data }) => data),
  doubleChunk: pure(({ data }) => data.map((n) => n * 2)),
  mergeChunks: pure(({ data }) => data.flat()),
  saveNumbers: pure(({ data }) => ({ saved: data.length })),
  upperCase: pure(({ data }) => data.toUpperCase()),
  add: pure(({ a, b }) => a + b),
  sumOfSquares: ({ data }, { replaceWith }) =>
    data.length === 0 ? Promise.resolve(0) : replaceWith(squaresSummed(data)),
  countItems: pure(({ data }) => data.length),
  processFile: pure(({ file_id }) => ({ file_id, status: 'processed' as const })),
  notifyOfFile: pure(({ user_id }) => ({ status: 'sent' as const, user_id })),
}));
