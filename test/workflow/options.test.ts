/** Options of canvases and tasks that are started by hand: none makes the task of the run fail, or holds the worker up. */
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import { endOf, faultsOf, inBatches, startRun } from '../support/payload-runs.ts';
import { until } from '../support/scenarios/scenario.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

const LONE = '\ud800';

/** Options that have the right form and are more than the server or a worker takes. */
const TOO_MUCH: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'a long queue': { queue: 'q'.repeat(2_000) },
  'a queue of the server': { queue: '/_sys/x' },
  'a queue with a lone surrogate': { queue: LONE },
  'a long countdown': { countdown: 1e300 },
  'a long limit': { time_limit: 1e300 },
  'a long soft limit': { soft_time_limit: 1e300 },
  'a long expiry': { expires: 1e300 },
  'an expiry before all time': { expires: -1e300 },
  'an id with a lone surrogate': { task_id: LONE },
  'a header with a lone surrogate': { headers: { a: LONE } },
  'a name of a header with a lone surrogate': { headers: { [LONE]: 1 } },
  'a long key of a limit': { limits: [{ key: 'k'.repeat(3_000), concurrency: 1 }] },
  'a huge rate': { limits: [{ key: 'k', rate: { count: 1e300, perMs: 1e300 } }] },
};

/** Options at the end of what is taken. */
const MOST: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'a countdown of centuries': { countdown: 1e10 },
  'a limit of centuries': { time_limit: 1e10 },
  'a tiny limit': { time_limit: 1e-300 },
  'a tiny soft limit': { soft_time_limit: 1e-300 },
  'an eta at the end of time': { eta: '9999-12-31T23:59:59Z' },
  'a high priority': { priority: 1e15 },
  'a low priority': { priority: -1e15 },
  'a long id': { task_id: 'i'.repeat(255) },
  'an id of signs': { task_id: '\u0000/ \ud83d\ude00' },
  'large headers': { headers: { a: 'x'.repeat(300_000) } },
  'many stamps': { stamped_headers: Array.from({ length: 10_000 }, (_, n) => `s${String(n)}`) },
};

describe('options of a canvas', () => {
  const one = { task: 'samples.add', args: [1, 2], kwargs: {}, subtask_type: null, immutable: false };
  const canvasesWith = (table: typeof MOST): readonly (readonly [string, object])[] =>
    Object.entries(table).flatMap(([what, options]) => [
      [`${what} in the canvas`, { canvas: { ...one, options } }] as const,
      [`${what} at the start`, { canvas: { ...one, options: {} }, options }] as const,
      [
        `${what} in a callback`,
        { canvas: { ...one, options: { link: { ...one, immutable: true, options } } } },
      ] as const,
    ]);
  const isBegun = async (handle: WorkflowHandle): Promise<boolean> =>
    ((await handle.fetchHistory()).events ?? []).some((event) => event.workflowTaskCompletedEventAttributes);

  it('that are too much are refused, those at the end of what is taken are taken, and no task of a run fails', async () => {
    await temporal.withWorkers({ 'samples.add': () => Promise.resolve(3) }, async () => {
      await inBatches(canvasesWith(TOO_MUCH), async ([what, input]) => {
        const handle = await startRun(temporal.client, canvasWorkflows.runCanvas, [input]);
        expect([what, await endOf(handle)]).toEqual([what, 'InvalidInput']);
        expect([what, await faultsOf(handle)]).toEqual([what, []]);
      });
      await inBatches(canvasesWith(MOST), async ([what, input]) => {
        const handle = await startRun(temporal.client, canvasWorkflows.runCanvas, [input]);
        await until(() => isBegun(handle));
        expect([what, await faultsOf(handle)]).toEqual([what, []]);
        await handle.terminate().catch(() => undefined);
      });
      expect(
        await endOf(await startRun(temporal.client, canvasWorkflows.runCanvas, [{ canvas: { ...one, options: {} } }])),
      ).toBe('ended');
    });
  });
});

describe('options of a task', () => {
  const refused = {
    'a long queue': { queue: 'q'.repeat(2_000) },
    'no queue': { queue: '' },
    'a queue of the server': { queue: '/_sys/x' },
    'a queue with a lone surrogate': { queue: LONE },
    'a long limit': { hardMs: 1e300 },
    'a tiny limit': { softMs: 1e-300 },
    'a long tenant': { tenant: 't'.repeat(2_000) },
  };

  it.each(Object.entries(refused))('%s is refused, and no task of a run fails', async (_what, facts) => {
    await temporal.withWorkers({ 'samples.add': () => Promise.resolve(3) }, async () => {
      const task = await startRun(temporal.client, taskWorkflows.runTask, ['samples.add', { a: 1, b: 2 }, facts]);
      const calls = [{ input: { a: 1, b: 2 }, facts }];
      const stream = await startRun(temporal.client, taskWorkflows.runStreamedCalls, [{ task: 'samples.add', calls }]);
      for (const handle of [task, stream]) {
        expect(await endOf(handle)).toBe('InvalidInput');
        expect(await faultsOf(handle)).toEqual([]);
      }
    });
  });
});
