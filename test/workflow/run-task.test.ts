import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScenario } from '../support/scenarios/scenario.ts';
import { type ScriptedTask, taskScenarios as scenarios } from '../support/scenarios/tasks.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

type ScenarioName = keyof typeof scenarios;

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

/** Runs a scenario; gives what came out, or the cause of its failure. */
async function run(name: ScenarioName): Promise<{ result: unknown; cause: unknown; world: ScriptedTask }> {
  const world = scenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, scenarios[name], world, `test-${name}`);
    try {
      return { result: (await handle.result()) as unknown, cause: undefined, world };
    } catch (error) {
      return { result: undefined, cause: error instanceof WorkflowFailedError ? error.cause : error, world };
    }
  });
}

const typeOf = (cause: unknown): unknown => (cause instanceof ApplicationFailure ? cause.type : cause);

describe('runTask', () => {
  it('RES-3 gives what the task gives, in one attempt', async () => {
    const { result, world } = await run('run-task.success');
    expect(result).toBe(2);
    expect(world.attempts).toEqual([1]);
    expect(world.bookkeeping).toEqual([]);
  });

  it('RETRY-17 tries again as the row of the task says, and ends with the type of a failure that lasts', async () => {
    const retried = await run('run-task.retried');
    expect([retried.result, retried.world.attempts]).toEqual([2, [1, 2]]);
    const failed = await run('run-task.failed');
    expect([typeOf(failed.cause), failed.world.attempts]).toEqual(['FileMissing', [1]]);
  });

  it('P3-58 ends as cancelled when it is revoked', async () => {
    expect((await run('run-task.revoked')).cause).toBeInstanceOf(CancelledFailure);
  });

  it('RES-1 gives nothing where the result is to be ignored', async () => {
    expect((await run('run-task.options')).result).toBeNull();
  });

  it('gives what the canvas gives that the task has put in its place, with the place of the task free again', async () => {
    const { result, world } = await run('run-task.task-effects');
    // The canvas needs the same place: kept, it would be asked for again before it is given back.
    expect([result, world.bookkeeping]).toEqual([5, ['acquire k', 'release k', 'acquire k', 'release k']]);
  });

  it('expires before anything is scheduled, and refuses names that no task has', async () => {
    const expired = await run('run-task.expired');
    expect([typeOf(expired.cause), expired.world.attempts]).toEqual(['TaskExpired', []]);
    expect(typeOf((await run('run-task.unknown')).cause)).toBe('UnknownTask');
  });
});

describe('runTask under limits', () => {
  it('takes a place and gives it back', async () => {
    const { result, world } = await run('run-task.limited');
    expect(result).toBe(2);
    expect(world.bookkeeping).toEqual(['acquire k', 'release k']);
  });

  it('waits for its turn: woken by a signal, or looking again by itself', async () => {
    const woken = await run('run-task.waited');
    expect([woken.result, woken.world.bookkeeping]).toEqual([2, ['acquire k', 'release k']]);
    const looked = await run('run-task.looked-again');
    expect([looked.result, looked.world.bookkeeping]).toEqual([2, ['acquire k', 'acquire k', 'release k']]);
    expect([...woken.world.attempts, ...looked.world.attempts]).toEqual([1, 1]);
  });

  it('leaves the queue when it is revoked while it waits', async () => {
    const { cause, world } = await run('run-task.revoked-while-waiting');
    expect(cause).toBeInstanceOf(CancelledFailure);
    expect(world.bookkeeping).toEqual(['acquire k', 'release k']);
    expect(world.attempts).toEqual([]);
  });

  it('P3-34 waits as long as the rate says, then works', async () => {
    const { result, world } = await run('run-task.rate');
    expect([result, world.bookkeeping]).toEqual([2, ['reserve r']]);
  });
});
