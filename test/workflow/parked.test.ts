import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RanCanvas, runCanvasScenario } from '../support/canvas/run.ts';
import { canvasParkedScenarios, taskParkedScenarios } from '../support/scenarios/parked.ts';
import { startScenario } from '../support/scenarios/scenario.ts';
import type { ScriptedTask } from '../support/scenarios/tasks.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

type Ran = { readonly result: unknown; readonly cause: unknown; readonly world: ScriptedTask };

function runTask(name: keyof typeof taskParkedScenarios): Promise<Ran> {
  const world = taskParkedScenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, taskParkedScenarios[name], world, `test-${name}`);
    const ended = await handle.result().then(
      (result: unknown) => ({ result, cause: undefined }),
      (error: unknown) => ({ result: undefined, cause: error instanceof WorkflowFailedError ? error.cause : error }),
    );
    return { ...ended, world };
  });
}

const runCanvas = (name: keyof typeof canvasParkedScenarios): Promise<RanCanvas> =>
  runCanvasScenario(temporal, name, canvasParkedScenarios[name]);
const typeOf = (cause: unknown): unknown => (cause instanceof ApplicationFailure ? cause.type : cause);
const inputsOf = ({ world }: RanCanvas): readonly unknown[] => world.calls.map(({ input }) => input);

describe('a single task that is started with onFailure: park', () => {
  it('runs again in place, with the same input and with another one, and holds no limit while it waits', async () => {
    const { result, world } = await runTask('run-task.parked-retried');
    expect(result).toBe(42);
    expect(world.attempts).toEqual([1, 1, 1]);
    expect(world.bookkeeping).toEqual(Array.from({ length: 3 }, () => ['acquire k', 'release k']).flat());
  });

  it('ends with the value that takes the place of its result, or as it would have failed', async () => {
    expect((await runTask('run-task.parked-skipped')).result).toBe(7);
    const aborted = await runTask('run-task.parked-aborted');
    expect([typeOf(aborted.cause), aborted.world.attempts]).toEqual(['FileMissing', [1]]);
    const late = await runTask('run-task.parked-too-long');
    expect([typeOf(late.cause), late.world.attempts]).toEqual(['FileMissing', [1]]);
  });
});

describe('a canvas that is started with onFailure: park', () => {
  it('goes on behind a step of a chain that was run again with another input', async () => {
    const ran = await runCanvas('run-canvas.parked-chain');
    expect(ran.value).toEqual({ n: 20, m: 3, by: 'documents.readDocument' });
    expect(inputsOf(ran)).toHaveLength(4);
  });

  it('a header that lacked two members is complete, and its body may be parked as well', async () => {
    const ran = await runCanvas('run-canvas.parked-chord');
    expect(ran.value).toBe('body');
    expect(inputsOf(ran)).toContainEqual({ n: 30 });
  });

  it('calls that share activities wait one by one, and what follows them is made once they go on', async () => {
    const ran = await runCanvas('run-canvas.parked-packs');
    expect(ran.error).toBeUndefined();
    expect(ran.value).toMatchObject({ n: 9 });
    const made = inputsOf(ran);
    expect(made).toContainEqual({ data: { n: 30, by: 'samples.addOneTiny' }, m: 4 });
    // What was done is not done again.
    for (const n of [1, 2]) expect(made.filter((input) => (input as { n: number }).n === n)).toHaveLength(1);
  });

  it('parts wait as well, each for its own calls', async () => {
    const { value } = await runCanvas('run-canvas.parked-in-parts');
    expect(value).toMatchObject([{ n: 10 }, 'skipped', { n: 2 }, { n: 3 }, { n: 4 }, 'last']);
  });

  it('ends at the deadline as it would have failed, and is stopped by revoking and cancelling', async () => {
    expect(typeOf((await runCanvas('run-canvas.parked-too-long')).error)).toBe('CorruptDocument');
    expect(typeOf((await runCanvas('run-canvas.parked-revoked')).error)).toBe('TaskRevoked');
    expect((await runCanvas('run-canvas.parked-cancelled')).error).toBeInstanceOf(CancelledFailure);
  });

  it('costs one timer for each step while it waits: no activity and no polling', async () => {
    const { handle } = await runCanvas('run-canvas.parked-chain');
    const { events = [] } = await handle.fetchHistory();
    expect(events?.filter((event) => event.timerStartedEventAttributes)).toHaveLength(1);
    expect(events?.filter((event) => event.activityTaskScheduledEventAttributes)).toHaveLength(4);
  });
});
