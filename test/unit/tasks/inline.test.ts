/** DEBUG-1 and TEST-1: tasks without any server. */
import { access } from 'node:fs/promises';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { runTaskInline } from '../../../activities/shell/inline.ts';
import { createOperationsActivities } from '../../../activities/operations/index.ts';
import { createSampleActivities } from '../../../activities/samples/index.ts';
import { shell, type ShellOptions } from '../../../activities/shell/shell.ts';
import { taskSchemas } from '../../../contracts/catalogue.schema.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { sampleTasks } from '../../../contracts/samples/tasks.ts';
import type { Scratch } from '../../../services/operations/port.ts';
import { countingProcessor } from '../../../services/operations/processor.ts';
import { openScratch } from '../../../services/operations/scratch.ts';

const options: ShellOptions = {
  log: () => {
    throw new TypeError('the log of a worker is not asked inline');
  },
};
const samples = createSampleActivities({}, options);

describe('DEBUG-1 TEST-1 a task without a server', () => {
  it('DEBUG-1 gives the same result, with its types', async () => {
    const sum = await runTaskInline(samples, 'samples.add', { a: 1, b: 2 });
    expectTypeOf(sum).toEqualTypeOf<number>();
    expect(sum).toBe(3);
  });

  it('DEBUG-1 runs the canvas that a task puts in its place, and throws what fails in it', async () => {
    expect(await runTaskInline(samples, 'samples.sumOfSquares', { data: [1, 2, 3] })).toBe(14);
    const { [sampleTasks.square.name]: _gone, ...others } = samples;
    const run = runTaskInline(others, 'samples.sumOfSquares', { data: [1] });
    await expect(run).rejects.toMatchObject({ cause: { type: 'UnknownTask' } });
  });

  it('DEBUG-1 runs the canvases that a task sends; their failures are nobody’s', async () => {
    const { sumOfSquares, square } = sampleTasks;
    const seen: number[] = [];
    const sending = {
      [sumOfSquares.name]: shell(
        sumOfSquares,
        taskSchemas[sumOfSquares.name],
        ({ data }, { send }) => {
          for (const n of data) send({ task: square.name, kwargs: { data: n } });
          return Promise.resolve(data.length);
        },
        options,
      ),
      [square.name]: shell(
        square,
        taskSchemas[square.name],
        ({ data }) => Promise.reject(new TypeError(String(seen.push(data)))),
        options,
      ),
    };
    expect(await runTaskInline(sending, 'samples.sumOfSquares', { data: [3, 4] })).toBe(2);
    expect(seen).toEqual([3, 4]);
  });

  it('DEBUG-1 TEST-1 tells start and end, where logs are switched on', async () => {
    const lines: string[] = [];
    await runTaskInline(samples, 'samples.upperCase', { data: 'a' }, { logs: (line) => lines.push(line) });
    expect(lines).toEqual(['samples.upperCase started', 'samples.upperCase succeeded']);
  });

  it('DEBUG-1 TEST-1 raises what the task throws, unchanged, and tells of it', async () => {
    const thrown = new PerennialError('FileMissing', 'gone');
    const task = sampleTasks.upperCase;
    const failing = { [task.name]: shell(task, taskSchemas[task.name], () => Promise.reject(thrown), options) };
    const lines: string[] = [];
    const run = runTaskInline(failing, 'samples.upperCase', { data: 'a' }, { logs: (line) => lines.push(line) });
    await expect(run).rejects.toBe(thrown);
    expect(lines).toEqual(['samples.upperCase started', 'samples.upperCase failed: gone']);
  });

  it('checks input and output as a worker does', async () => {
    const wrong = { a: 'x', b: 1 } as unknown as { a: number; b: number }; // as a caller without types might
    await expect(runTaskInline(samples, 'samples.add', wrong)).rejects.toMatchObject({ type: 'InvalidInput' });
    await expect(runTaskInline({}, 'samples.add', { a: 1, b: 1 })).rejects.toMatchObject({ type: 'UnknownTask' });
  });

  it('CANVAS-1 CANVAS-2 CANVAS-3 CANVAS-5 CANVAS-6 CANVAS-7 the samples calculate what the sources do', async () => {
    const n = (name: 'samples.addOne' | 'samples.double' | 'samples.subtractFive' | 'samples.square', data: number) =>
      runTaskInline(samples, name, { data });
    expect(await n('samples.subtractFive', await n('samples.double', await n('samples.addOne', 5)))).toBe(7);
    expect(await Promise.all([1, 2, 3].map((data) => n('samples.square', data)))).toEqual([1, 4, 9]);
    expect(await runTaskInline(samples, 'samples.sum', { data: [2, 4, 6] })).toBe(12);
    expect(await runTaskInline(samples, 'samples.upperCase', { data: 'ab' })).toBe('AB');
    expect(await runTaskInline(samples, 'samples.countItems', { data: [1, 2] })).toBe(2);
    expect(await runTaskInline(samples, 'samples.mergeChunks', { data: [[1], [2, 3]] })).toEqual([1, 2, 3]);
    expect(await runTaskInline(samples, 'samples.saveNumbers', { data: [1, 2] })).toEqual({ saved: 2 });
  });

  it('BP-2 BP-3 a task depends on its arguments only: two workers give the same', async () => {
    const other = createSampleActivities({}, options);
    const results = await Promise.all(
      [samples, other, samples].map((worker) => runTaskInline(worker, 'samples.doubleChunk', { data: [1, 2, 3] })),
    );
    expect(results).toEqual([
      [2, 4, 6],
      [2, 4, 6],
      [2, 4, 6],
    ]);
  });
});

describe('TIME-6 BP-4 timed_task', () => {
  function timed() {
    const warnings: string[] = [];
    const opened: Scratch[] = [];
    const activities = createOperationsActivities(
      {
        effects: { once: () => Promise.resolve(true) },
        counters: { add: () => Promise.resolve(1) },
        openScratch: async () => {
          const scratch = await openScratch();
          opened.push(scratch);
          return scratch;
        },
        downloader: { open: () => Promise.reject(new TypeError('expected no download')) },
        processor: countingProcessor,
        warn: (_fields, message) => warnings.push(message),
      },
      options,
    );
    return { activities, warnings, opened };
  }
  const gone = async ({ path }: Scratch): Promise<boolean> =>
    access(path).then(
      () => false,
      () => true,
    );

  it('BP-4 leaves nothing behind when it succeeds', async () => {
    const { activities, opened, warnings } = timed();
    const done = await runTaskInline(activities, 'operations.timedTask', { data: { work_ms: 1 } });
    expect(done).toEqual({ status: 'completed', work_ms: 1 });
    expect(await Promise.all(opened.map(gone))).toEqual([true]);
    expect(warnings).toEqual([]);
  });

  it('TIME-6 BP-4 warns, cleans up and lets the error go on when it is told to stop', async () => {
    const { activities, opened, warnings } = timed();
    const stop = new AbortController();
    const run = runTaskInline(
      activities,
      'operations.timedTask',
      { data: { work_ms: 60_000 } },
      { signal: stop.signal },
    );
    setTimeout(() => stop.abort(), 20);
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(await Promise.all(opened.map(gone))).toEqual([true]);
    expect(warnings).toEqual(['the task was asked to stop and cleans up']);
  });
});
