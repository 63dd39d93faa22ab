/** Failed steps that wait for a person, through the client: looked at, refused and decided about. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shell } from '../../activities/shell/shell.ts';
import { chain, group, task } from '../../canvas/build/builders.ts';
import { connectPerennial, type PerennialClient } from '../../client/index.ts';
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { parkedMessages } from '../../contracts/parked/vocabulary.ts';
import { queues } from '../../contracts/queues/names.ts';
import { sampleTasks } from '../../contracts/samples/tasks.ts';
import { silentLog } from '../support/silent-log.ts';
import { bundleOf } from '../support/servers/bundle.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

/** A workflow of an application: two calls, of which the second may fail. */
const OWN = `
export * from '../../../workflows/index.ts';
import { tasks } from '../../../workflows/calls/index.ts';
export async function twice(data: number): Promise<number> {
  const once = await tasks.samples.addOne({ data });
  return tasks.samples.addOne({ data: once });
}
`;

let temporal: TestTemporal;
let client: PerennialClient;
let stop: () => Promise<void>;
/** Inputs of the task, in order. */
const made: number[] = [];

beforeAll(async () => {
  temporal = await startTestTemporal();
  client = await connectPerennial(temporal.endpoint);
  const { addOne: row } = sampleTasks;
  const body = ({ data }: { data: number }): Promise<number> => {
    made.push(data);
    if (data > 100) return Promise.resolve(data + 1);
    return Promise.reject(new PerennialError('FileMissing', `there is no file ${data}`));
  };
  const options = { log: () => silentLog };
  const activities = { [row.name]: shell(row, taskSchemas[row.name], body, options) };
  stop = await temporal.keepWorkers(activities, await bundleOf(OWN));
});
afterAll(async () => {
  await client.close();
  await stop();
  await temporal.stop();
});

const addOne = task(sampleTasks.addOne);
const add = (data: number) => addOne.si({ data });
const waitingIn = async (id: string): Promise<number> => (await client.parked.get(id)).waiting;
const parked = (id: string, count = 1) => expect.poll(() => waitingIn(id), { timeout: 20_000 }).toBe(count);

describe('what waits', () => {
  it('stands in lists and in the state of the task, with the reason and the deadline, and is no end', async () => {
    const task = await client.task('samples.addOne').call({ data: 1 }, { onFailure: 'park', parkedFor: 3600 });
    await parked(task.id);
    const { steps } = await client.parked.get(task.id);
    expect(steps).toMatchObject([
      { path: 'root', task: 'samples.addOne', failure: { type: 'FileMissing', message: 'there is no file 1' } },
    ]);
    const [first] = steps;
    const until = first?.until ?? '';
    expect(Date.parse(until) - Date.parse(first?.since ?? '')).toBe(3_600_000);
    expect(await task.status()).toMatchObject({
      state: 'RETRY',
      ready: false,
      info: { parked: 1, exc_type: 'FileMissing', exc_message: 'there is no file 1', until },
    });
    const listed = async () => (await client.parked.list()).items.map(({ id, steps: [first] }) => [id, first?.path]);
    await expect.poll(listed, { timeout: 20_000 }).toContainEqual([task.id, 'root']);

    const decided = await client.parked.skip(task.id, { value: 5, by: 'ada', reason: 'known by hand' });
    expect(decided).toEqual({ id: task.id, action: 'skip', paths: ['root'] });
    expect(await task.result()).toBe(5);
    expect(await client.parked.get(task.id)).toMatchObject({
      waiting: 0,
      decisions: [{ action: 'skip', by: 'ada', reason: 'known by hand', path: 'root', steps: 1 }],
    });
    await expect.poll(listed, { timeout: 20_000 }).not.toContainEqual([task.id, 'root']);
  });

  it('goes on with a value that fits the schema alone; what is refused changes nothing', async () => {
    const run = await client.canvas.run(group([add(1), chain(add(2), addOne.into('data', {}))]), {
      id: 'refusals',
      onFailure: 'park',
    });
    await parked(run.id, 2);
    const { retry, skip, abort } = client.parked;
    await expect(retry('refusals', { input: { data: 200 } })).rejects.toThrow('options.path: expected a path, one of');
    await expect(retry('refusals', { path: 'root', input: { data: 200 } })).rejects.toThrow('expected a single step');
    await expect(retry('refusals', { path: 'root/0', input: { data: 'two' } })).rejects.toThrow('input.data');
    await expect(skip('refusals', { path: 'root/0', value: 'five' })).rejects.toThrow(/value: expected (a )?number/);
    await expect(skip('refusals', { path: 'root/0' } as never)).rejects.toThrow('value: expected what takes the place');
    await expect(abort('refusals', { path: 'root/9' })).rejects.toThrow("got 'root/9'");
    await expect(client.parked.get('nobody')).rejects.toThrow("'nobody'");
    expect(await waitingIn('refusals')).toBe(2);

    expect((await retry('refusals', { path: 'root/0', input: { data: 200 } })).paths).toEqual(['root/0']);
    expect((await skip('refusals', { path: 'root/1', value: 300 })).paths).toEqual(['root/1/0']);
    expect(await run.result()).toEqual([201, 301]);
  });

  it('many are decided at once by a path above them; aborted ones fail as they would have', async () => {
    const run = await client.canvas.run(group(Array.from({ length: 30 }, (_, n) => add(n))), {
      id: 'many',
      onFailure: 'park',
    });
    await parked(run.id, 30);
    const { paths } = await client.parked.abort('many', { path: 'root', reason: 'not worth it' });
    expect(paths).toHaveLength(30);
    await expect(run.result()).rejects.toMatchObject({ type: 'FileMissing' });
  });

  it('a start with a time and without a wish to park is refused', async () => {
    await expect(client.tasks.call('samples.addOne', { data: 1 }, { parkedFor: 5 })).rejects.toThrow('parkedFor');
    await expect(client.canvas.run(add(1), { parkedFor: 5 })).rejects.toThrow('parkedFor');
  });
});

describe('a workflow that is written by hand', () => {
  it('waits where its call was made, and goes on in place; wrong decisions by other tools change nothing', async () => {
    made.length = 0;
    const handle = await temporal.client.workflow.start('twice', {
      taskQueue: queues.workflows,
      workflowId: 'twice',
      args: [101],
      memo: { onFailure: 'park', parkedFor: 3600 },
    });
    // The first call gives 102; only another input makes the second one fail.
    await expect(handle.result()).resolves.toBe(103);
    const failing = await temporal.client.workflow.start('twice', {
      taskQueue: queues.workflows,
      workflowId: 'twice-failing',
      args: [5],
      memo: { onFailure: 'park' },
    });
    await parked('twice-failing');
    const wrong: readonly unknown[] = [
      null,
      [],
      'retry',
      7,
      {},
      { path: 'samples.addOne/1', action: 'again', by: 'ada' },
      { path: 'samples.addOne/1', action: 'retry' },
      { path: 'samples.addOne/1', action: 'skip', by: 'ada' },
      { path: 'samples.addOne/1', action: 'abort', by: 'ada', value: 5 },
      { path: 'samples.addOne/1', action: 'abort', by: 'ada', more: 5 },
      { path: 'samples.addOne/2', action: 'abort', by: 'ada' },
      { path: 'samples.addOne/1', action: 'retry', by: 5 },
    ];
    for (const one of wrong)
      await expect(failing.executeUpdate(parkedMessages.decide, { args: [one] })).rejects.toMatchObject({
        cause: { type: 'InvalidInput' },
      });
    expect(await waitingIn('twice-failing')).toBe(1);
    // Not an error of the workflow task either, which would be tried again and again.
    const { raw } = await failing.describe();
    expect(raw.pendingWorkflowTask?.attempt ?? 1).toBe(1);

    await client.parked.retry('twice-failing', { input: { data: 50 }, reason: 'another file' });
    await parked('twice-failing');
    expect((await client.parked.get('twice-failing')).steps).toMatchObject([{ path: 'samples.addOne/1' }]);
    await client.parked.skip('twice-failing', { value: 7 });
    await expect.poll(async () => (await client.parked.get('twice-failing')).steps[0]?.path).toBe('samples.addOne/2');
    await client.parked.retry('twice-failing', { input: { data: 500 } });
    await expect(failing.result()).resolves.toBe(501);
    expect(made).toEqual([101, 102, 5, 50, 7, 500]);
  });
});
