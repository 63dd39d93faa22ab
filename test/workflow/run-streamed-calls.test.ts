import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScenario } from '../support/scenarios/scenario.ts';
import { streamedCallsScenarios as scenarios } from '../support/scenarios/streamed-calls.ts';
import type { ScriptedCanvas } from '../support/scripted/canvas.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

async function run(name: keyof typeof scenarios): Promise<{ readonly value: unknown; readonly world: ScriptedCanvas }> {
  const world = scenarios[name].world();
  const value = await temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, scenarios[name], world, `test-${name}`);
    return handle.result() as Promise<unknown>;
  });
  return { value, world };
}

describe('runStreamedCalls', () => {
  it('PERF-1 RES-3 gives each call an outcome of its own, whatever becomes of the others', async () => {
    const { value, world } = await run('run-streamed-calls.packed');
    const by = 'samples.addOneTiny';
    expect(value).toEqual([
      { value: { n: 1, by } },
      { value: { n: 2, fails: 1, by } },
      { failure: { type: 'CorruptDocument', message: 'the document is damaged' } },
      { value: null },
      { value: { n: 5, by } },
    ]);
    expect(world.calls.map(({ input }) => (input as { n: number }).n).toSorted()).toEqual([1, 2, 2, 3, 4, 5]);
  });

  it('MON-5 a call that is stopped in a pack does not keep the others: they are made once', async () => {
    const { value, world } = await run('run-streamed-calls.recalled');
    const [first, , third, fourth] = [1, 2, 3, 4].map((n) => ({ value: { n, by: 'samples.addOneTiny' } }));
    expect(value).toEqual([first, { revoked: 'the task was revoked' }, third, fourth]);
    expect(world.calls.map(({ input }) => (input as { n: number }).n)).toEqual([1, 2, 3, 4]);
  });

  it('MON-5 stops one call when it is told to, and only that', async () => {
    const { value } = await run('run-streamed-calls.revoked');
    expect(value).toEqual([{ revoked: 'the task was revoked' }, { value: { n: 2, by: 'documents.readDocument' } }]);
  });
});
