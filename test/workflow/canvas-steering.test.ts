import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIRST, SECOND } from '../support/canvas/signatures.ts';
import { type RanCanvas, runCanvasScenario } from '../support/canvas/run.ts';
import { canvasSteeringScenarios as scenarios } from '../support/scenarios/canvas-steering.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

const run = (name: keyof typeof scenarios): Promise<RanCanvas> => runCanvasScenario(temporal, name, scenarios[name]);

describe('runCanvas, steered', () => {
  it('makes no call again whose outcome is known, nor waits for it', async () => {
    const { value, world } = await run('run-canvas.repeated');
    expect(world.calls.map(({ input }) => (input as { n: number }).n)).toEqual([2, 9]);
    expect(value).toMatchObject({ n: 9 });
  });

  it('MON-5 revokes parts: what runs is stopped, what waits is woken, the rest goes on, no callback is told', async () => {
    const { error, world, handle } = await run('run-canvas.revoked');
    expect(error).toMatchObject({
      type: 'TaskRevoked',
      message: expect.stringMatching(/^revoked \(.* at root\//) as string,
    });
    expect(world.calls.map(({ input }) => (input as { n: number }).n).sort()).toEqual([1, 4]);
    const states = async (path: string): Promise<unknown> =>
      temporal.withWorkers(world.activities, async () => {
        const node = await handle.query<{ state: string } | null, [object]>('tree', { path, depth: 0 });
        return node?.state;
      });
    expect(await states('root/0/0')).toBe('revoked');
    expect(await states('root/0/1')).toBe('skipped');
    expect(await states('root/1')).toBe('revoked');
    expect(await states('root/2')).toBe('succeeded');
  });

  it('calls with limits by key are tasks of their own, under the limits', async () => {
    const { value, world } = await run('run-canvas.limited');
    expect(value).toEqual([
      { n: 1, by: FIRST },
      { n: 2, by: SECOND },
    ]);
    const limited = world.calls.filter(({ task }) => task.startsWith('limits.'));
    expect(limited.map(({ task }) => task)).toEqual(['limits.acquire', 'limits.release']);
    expect(limited[0]?.input).toMatchObject({ key: 'phone:1', concurrency: 1 });
  });
});
