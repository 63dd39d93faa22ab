import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSampleActivities } from '../../activities/samples/index.ts';
import { shell } from '../../activities/shell/shell.ts';
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { queues } from '../../contracts/queues/names.ts';
import { sampleTasks } from '../../contracts/samples/tasks.ts';
import { blocksOf } from '../../scripts/docs/blocks.ts';
import { bundleOf } from '../support/servers/bundle.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';
import { silentLog } from '../support/silent-log.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** What a cancelled workflow still does, and what it does not begin any more. */
const CANCELLED_WHILE_COMPOSING = `
import { CancellationScope } from '@temporalio/workflow';
export async function cancelledWhileComposing(): Promise<void> {
  try {
    await group([1, 2, 3].map((data) => tasks.samples.addOne({ data })), { limit: 2, join: 'collect' });
  } finally {
    await CancellationScope.nonCancellable(() => tasks.samples.sum({ data: [1, 2] }));
  }
}
`;

/** A task that puts a chord in its place, called by hand. */
const REPLACED = `
export { runCanvas } from '../../../workflows/canvas/run.ts';
export async function replaced(data: number[]): Promise<number> {
  return (await tasks.samples.sumOfSquares({ data })) + 1;
}
`;

const shellOptions = { log: () => silentLog };

let temporal: TestTemporal;
let workflows: WorkflowBundleWithSourceMap;

beforeAll(async () => {
  temporal = await startTestTemporal();
  workflows = await bundleOf(documented() + CANCELLED_WHILE_COMPOSING + REPLACED);
});
afterAll(() => temporal.stop());

/** The workflow of docs/canvas.md, as it stands there. */
function documented(): string {
  const block = blocksOf(REPOSITORY, 'docs/canvas.md').find(({ code }) => code.includes('function evenSquares'));
  if (block === undefined) throw new TypeError('expected evenSquares in docs/canvas.md, found none');
  return block.code.replaceAll("'./workflows/", "'../../../workflows/");
}

describe('composition in a workflow of one’s own', () => {
  it('docs/canvas.md: the example runs over real tasks', async () => {
    const run = () =>
      temporal.client.workflow.execute('evenSquares', {
        taskQueue: queues.workflows,
        workflowId: 'even-squares',
        args: [[1, 2, 3, 4]],
      });
    // 4 + 16 + 1, doubled, of two squares
    await expect(temporal.withWorkers(createSampleActivities({}, shellOptions), run, workflows)).resolves.toBe(
      '42 OF 2',
    );
  });

  it('a task that puts a canvas in its place gives what that gives', async () => {
    const execute = (data: number[]) =>
      temporal.client.workflow.execute('replaced', {
        taskQueue: queues.workflows,
        workflowId: `replaced-${data.length}`,
        args: [data],
      });
    const run = () => Promise.all([execute([1, 2, 3]), execute([])]);
    await expect(temporal.withWorkers(createSampleActivities({}, shellOptions), run, workflows)).resolves.toEqual([
      15, 1,
    ]);
  });

  it('a cancellation ends a group that collects, begins no further member, and lets what may not be cancelled run', async () => {
    const begun: unknown[] = [];
    const noted = async <Out>(input: unknown, out: Promise<Out>): Promise<Out> => {
      begun.push(input);
      return out;
    };
    const { addOne, sum } = sampleTasks;
    const activities = {
      [addOne.name]: shell(
        addOne,
        taskSchemas[addOne.name],
        (input, { signal }) => noted(input, sleep(60_000, 0, { signal })),
        shellOptions,
      ),
      [sum.name]: shell(sum, taskSchemas[sum.name], (input) => noted(input, Promise.resolve(3)), shellOptions),
    };
    const run = async (): Promise<unknown> => {
      const handle = await temporal.client.workflow.start('cancelledWhileComposing', {
        taskQueue: queues.workflows,
        workflowId: 'cancelled-while-composing',
      });
      await expect.poll(() => begun.length, { timeout: 20_000 }).toBe(2);
      await handle.cancel();
      return handle.result().catch((error: unknown) => (error as Error).cause);
    };
    const end = await temporal.withWorkers(activities, run, workflows);
    expect(end).toMatchObject({ name: 'CancelledFailure' });
    expect(begun.slice(0, 2)).toEqual(expect.arrayContaining([{ data: 1 }, { data: 2 }]));
    expect(begun.slice(2)).toEqual([{ data: [1, 2] }]);
  });
});
