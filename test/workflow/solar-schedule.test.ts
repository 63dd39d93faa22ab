import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import { queues } from '../../contracts/queues/names.ts';
import { scheduleWorkflows, type SolarRunResult } from '../../contracts/schedules/vocabulary.ts';
import { startScenario } from '../support/scenarios/scenario.ts';
import {
  scheduleScenarios as scenarios,
  solarInput,
  solarWorld,
  type SolarWorld,
} from '../support/scenarios/schedules.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

interface Ran {
  readonly result: SolarRunResult | undefined;
  readonly error: unknown;
  readonly world: SolarWorld;
}

async function run(name: keyof typeof scenarios): Promise<Ran> {
  const world = scenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, scenarios[name], world, `test-${name}`);
    try {
      return { result: (await handle.result()) as SolarRunResult, error: undefined, world }; // what the workflow returns
    } catch (error) {
      return { result: undefined, error, world };
    }
  });
}

describe('BEAT-14 a day of a solar schedule', () => {
  it('sleeps until the sun rises, runs the task under the moment as its id, and records it', async () => {
    const started = Date.now();
    const { result, world } = await run('run-at-solar-event.success');
    expect(result).toMatchObject({ state: 'ran' });
    const at = result?.at ?? '';
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(at));
    expect(Date.parse(at)).toBeGreaterThan(started);
    expect(world.ran).toEqual([[{ userId: 'u1' }, `sunrise-success-${at}`]]);
    expect(world.recorded).toMatchObject([{ scheduleId: 'sunrise-success', dueAt: at, state: 'ran', reason: null }]);
  });

  it('runs at once what is late within the catch-up window', async () => {
    const { result, world } = await run('run-at-solar-event.late');
    expect(result).toMatchObject({ state: 'ran' });
    expect(world.ran).toHaveLength(1);
  });

  it('records as missed what is later than that', async () => {
    const { result, world } = await run('run-at-solar-event.too-late');
    expect(result).toMatchObject({ state: 'missed', reason: 'catch-up' });
    expect(world.ran).toEqual([]);
    expect(world.recorded).toMatchObject([{ state: 'missed', reason: 'catch-up' }]);
  });

  it('P3-13 skips a polar day, and the ledger says why', async () => {
    const { result, world } = await run('run-at-solar-event.polar');
    expect(result).toEqual({ state: 'skipped', reason: 'polar', at: null });
    expect(world.ran).toEqual([]);
    expect(world.recorded).toMatchObject([
      { state: 'skipped', reason: 'polar', detail: 'sunrise at 40.7128, -74.006', workflowId: null },
    ]);
  });

  it('can be cancelled while it waits', async () => {
    const { error, world } = await run('run-at-solar-event.cancelled');
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    expect(world.ran).toEqual([]);
  });

  it('fails with what the task fails with', async () => {
    const { error, world } = await run('run-at-solar-event.failed');
    const cause = (error as WorkflowFailedError).cause;
    expect(cause).toBeInstanceOf(ApplicationFailure);
    expect(cause).toMatchObject({ type: 'UserNotFound' });
    expect(world.recorded).toMatchObject([{ state: 'ran' }]);
  });

  it('serves one moment once, however often the day is started', async () => {
    const at = new Date(Date.now() + 500).toISOString();
    const world = solarWorld({ inMs: 0 });
    const activities = { ...world.activities, 'schedules.findSolarEvent': () => Promise.resolve({ at }) };
    const results = await temporal.withWorkers(activities, () =>
      Promise.all(
        [1, 2, 3].map(async (n) => {
          const handle = await temporal.client.workflow.start(scheduleWorkflows.runAtSolarEvent, {
            taskQueue: queues.workflows,
            workflowId: `test-solar-twice-${String(n)}`,
            args: [{ ...solarInput, scheduleId: 'sunrise-twice' }],
          });
          return (await handle.result()) as SolarRunResult; // what the workflow returns
        }),
      ),
    );
    expect(results.map(({ state }) => state).sort()).toEqual(['ran', 'skipped', 'skipped']);
    expect(results.filter(({ state }) => state === 'skipped')).toEqual(
      [1, 2].map(() => ({ state: 'skipped', reason: 'duplicate', at })),
    );
    expect(world.ran).toHaveLength(1);
  });

  it('counts the expiry of the task from the event, and gives it its other options', async () => {
    const ran = async (scheduleId: string, expiresAfterDueMs: number) => {
      const world = solarWorld({ inMs: -60_000 });
      const target = { ...solarInput.target, facts: { expiresAfterDueMs, ignoreResult: true } };
      const args = [{ ...solarInput, scheduleId, target }];
      const start = { taskQueue: queues.workflows, workflowId: `test-${scheduleId}`, args };
      await temporal.withWorkers(world.activities, async () => {
        const handle = await temporal.client.workflow.start(scheduleWorkflows.runAtSolarEvent, start);
        await handle.result().catch(() => undefined);
      });
      return world.ran.length;
    };
    expect([await ran('solar-expired', 30_000), await ran('solar-in-time', 600_000)]).toEqual([0, 1]);
  });

  it('starts a canvas under the id of a canvas', async () => {
    const world = solarWorld({ inMs: -1_000 });
    const { task, input } = solarInput.target as { readonly task: string; readonly input: object };
    const canvas = { task, args: [], kwargs: input, options: {}, subtask_type: null, immutable: false };
    const target = { workflow: canvasWorkflows.runCanvas, args: [{ canvas }] };
    const result = await temporal.withWorkers(world.activities, async () => {
      const args = [{ ...solarInput, scheduleId: 'solar-canvas', target }];
      const start = { taskQueue: queues.workflows, workflowId: 'test-solar-canvas', args };
      const handle = await temporal.client.workflow.start(scheduleWorkflows.runAtSolarEvent, start);
      return (await handle.result()) as SolarRunResult; // what the workflow returns
    });
    expect(result).toMatchObject({ state: 'ran', workflowId: `canvas:solar-canvas-${result.at ?? ''}` });
    expect(world.ran).toMatchObject([[{ userId: 'u1' }, `canvas:solar-canvas-${result.at ?? ''}`]]);
  });
});
