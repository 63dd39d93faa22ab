/** Canvases that an application has given names, through the client: built, checked, started and scheduled. */
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { createSampleActivities } from '../../activities/samples/index.ts';
import { chain, chord, task } from '../../canvas/build/builders.ts';
import { connectPerennial, type JobHandle, type PerennialClient } from '../../client/index.ts';
import { checkTarget, startOf } from '../../client/schedules/targets.ts';
import { registerCanvases } from '../../contracts/canvas/register.schema.ts';
import { sampleTasks } from '../../contracts/samples/tasks.ts';
import { searchAttributes } from '../../contracts/tasks/calls.ts';
import { defineCanvas } from '../../define/index.ts';
import { silentLog } from '../support/silent-log.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

const { addOne, sum } = sampleTasks;
const numbers = z.strictObject({ numbers: z.array(z.int()).min(1) });

const total = defineCanvas({
  name: 'sample.total',
  purpose: 'Adds one to each number, and all together.',
  input: numbers,
  build: ({ numbers: all }) =>
    chord(
      all.map((data) => task(addOne).si({ data })),
      task(sum).into('data', {}),
    ),
});
/** Nothing of a number is a list: the types would refuse it, which JSON has not. */
const misfit = defineCanvas({
  name: 'sample.misfit',
  input: numbers,
  build: ({ numbers: [data = 0] }) => chain(task(addOne).si({ data }), task(sum).into('data', {}) as never),
});
const broken = defineCanvas({
  name: 'sample.broken',
  input: numbers,
  build: () => {
    throw new RangeError('no plan today');
  },
});
const own = { total, misfit, broken };

let temporal: TestTemporal;
let client: PerennialClient<typeof own>;
let stop: () => Promise<void>;
beforeAll(async () => {
  temporal = await startTestTemporal();
  client = await connectPerennial({ ...temporal.endpoint, tasks: own });
  stop = await temporal.keepWorkers(createSampleActivities({}, { log: () => silentLog }));
});
afterAll(async () => {
  await client.close();
  await stop();
  await temporal.stop();
});

describe('a canvas with a name', () => {
  it('is started by its name or its definition, with the types of both', async () => {
    const byName = client.namedCanvas('sample.total');
    expectTypeOf(byName.start).parameter(0).toEqualTypeOf<{ numbers: number[] }>();
    expectTypeOf(byName.start).returns.toEqualTypeOf<Promise<JobHandle<number>>>();
    const run = await byName.start({ numbers: [1, 2, 3] }, { id: 'by-name' });
    expect(await run.result()).toBe(9);
    expect(await (await client.namedCanvas(total).start({ numbers: [1] })).result()).toBe(2);
    expect(await (await client.canvas.start('sample.total', { numbers: [5] })).result()).toBe(6);
    const { typedSearchAttributes } = await temporal.client.workflow.getHandle(run.id).describe();
    expect(typedSearchAttributes.get({ name: searchAttributes.task, type: 'KEYWORD' })).toBe('sample.total');
    // @ts-expect-error no canvas of the application has this name
    expect(() => client.namedCanvas('sample.totl')).toThrow(/sample\.total.*got 'sample\.totl'/);
    // @ts-expect-error a canvas is no task
    expect(() => client.task('sample.total')).toThrow('sample.total');
  });

  it('with a wrong input, a build that throws, or steps that cannot fit, nothing is started', async () => {
    await expect(client.canvas.start('sample.total', { numbers: ['one'] })).rejects.toThrow('input.numbers[0]');
    await expect(client.canvas.start('sample.total', { numbers: [] })).rejects.toThrow('input.numbers');
    await expect(client.canvas.start('sample.broken', { numbers: [1] })).rejects.toThrow(
      'sample.broken: build: expected a canvas, got RangeError: no plan today',
    );
    await expect(client.canvas.start('sample.misfit', { numbers: [1] })).rejects.toMatchObject({
      type: 'InvalidInput',
      fields: [expect.objectContaining({ field: expect.stringContaining('canvas') as string })],
    });
  });

  it('is the target of a schedule: it is built when the schedule is written', () => {
    const rules = { priorityLevels: 5, sealKeys: undefined } as const;
    const kept = checkTarget({ canvas: 'sample.total', input: { numbers: [1, 2] }, tenant: 'acme' }, rules);
    expect(kept).toMatchObject({ canvas: { task: 'celery.chord' }, tenant: 'acme' });
    expect(startOf({ id: 'nightly', target: kept }, rules)).toMatchObject({ workflowType: 'runCanvas' });
    expect(() => checkTarget({ canvas: 'sample.total', input: {} }, rules)).toThrow('target.input.numbers');
    expect(() => checkTarget({ canvas: 'sample.nobody' }, rules)).toThrow('target.canvas');
  });

  it('cannot be there twice, and leaves the process with its application', () => {
    expect(() => registerCanvases([{ ...total }])).toThrow('sample.total: expected a name that no other canvas has');
    const remove = registerCanvases([{ ...total, name: 'sample.other' }]);
    expect(client.namedCanvas({ kind: total.kind, name: 'sample.other' }).name).toBe('sample.other');
    remove();
    expect(() => client.namedCanvas({ kind: total.kind, name: 'sample.other' })).toThrow('sample.other');
  });
});
