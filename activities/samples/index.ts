/** The sample tasks of canvases: pure functions behind the shell. */
import { chord, task } from '../../canvas/build/builders.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { sampleTasks } from '../../contracts/samples/tasks.ts';
import type { TaskDefinition } from '../../contracts/tasks/definition.ts';
import { shell, type ShellOptions, type TaskSchemas } from '../shell/shell.ts';

const addOne = (n: number): number => n + 1;
const double = (n: number): number => n * 2;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

function squaresSummed(data: readonly number[]): Signature {
  const header = data.map((n) => task(sampleTasks.square).si({ data: n }));
  return chord(header, task(sampleTasks.sum).into('data', {}));
}

/** Activities by task name; they need nothing from outside (BP-2, BP-3). */
export function createSampleActivities(
  options: ShellOptions,
): Readonly<Record<string, (input: unknown) => Promise<unknown>>> {
  const activities: Record<string, (input: unknown) => Promise<unknown>> = {};
  const add = <In, Out>(
    task: TaskDefinition<string, In, Out>,
    schemas: TaskSchemas<In, Out>,
    calculate: (input: In) => Out,
  ): void => {
    activities[task.name] = shell(task, schemas, (input) => Promise.resolve(calculate(input)), options);
  };
  const tasks = sampleTasks;
  add(tasks.addOne, taskSchemas['samples.addOne'], ({ data }) => addOne(data));
  add(tasks.addOneTiny, taskSchemas['samples.addOneTiny'], ({ data }) => addOne(data));
  add(tasks.double, taskSchemas['samples.double'], ({ data }) => double(data));
  add(tasks.subtractFive, taskSchemas['samples.subtractFive'], ({ data }) => data - 5);
  add(tasks.square, taskSchemas['samples.square'], ({ data }) => data ** 2);
  add(tasks.sum, taskSchemas['samples.sum'], ({ data }) => sum(data));
  add(tasks.sumTiny, taskSchemas['samples.sumTiny'], ({ data }) => sum(data));
  add(tasks.validateData, taskSchemas['samples.validateData'], ({ data }) => data);
  add(tasks.doubleChunk, taskSchemas['samples.doubleChunk'], ({ data }) => data.map(double));
  add(tasks.mergeChunks, taskSchemas['samples.mergeChunks'], ({ data }) => data.flat());
  add(tasks.saveNumbers, taskSchemas['samples.saveNumbers'], ({ data }) => ({ saved: data.length }));
  add(tasks.upperCase, taskSchemas['samples.upperCase'], ({ data }) => data.toUpperCase());
  add(tasks.add, taskSchemas['samples.add'], ({ a, b }) => a + b);
  activities[tasks.sumOfSquares.name] = shell(
    tasks.sumOfSquares,
    taskSchemas['samples.sumOfSquares'],
    ({ data }, { replaceWith }) => (data.length === 0 ? Promise.resolve(0) : replaceWith(squaresSummed(data))),
    options,
  );
  add(tasks.countItems, taskSchemas['samples.countItems'], ({ data }) => data.length);
  add(tasks.processFile, taskSchemas['samples.processFile'], ({ file_id }) => ({ file_id, status: 'processed' }));
  add(tasks.notifyOfFile, taskSchemas['samples.notifyOfFile'], ({ user_id }) => ({ status: 'sent', user_id }));
  return activities;
}
