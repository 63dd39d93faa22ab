import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScenario } from '../support/scenarios/scenario.ts';
import { housekeepingScenarios as scenarios, type ScriptedHouse } from '../support/scenarios/housekeeping.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

async function run(
  name: keyof typeof scenarios,
): Promise<{ result: unknown; error: unknown; world: ScriptedHouse; runId: string }> {
  const world = scenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, scenarios[name], world, `test-${name}`);
    const { runId } = await handle.describe();
    const ends = await handle.result().then(
      (result: unknown) => ({ result, error: undefined }),
      (error: unknown) => ({ result: undefined, error }),
    );
    return { ...ends, world, runId };
  });
}

describe('HEALTH-6 healthCheck', () => {
  it('HEALTH-6 gives the report and sends nothing while nothing changes', async () => {
    const { result, world, runId } = await run('health-check.healthy');
    expect(result).toMatchObject({ status: 'healthy', checks: { database: 'ok' } });
    expect(world.records.map(({ checkId }) => checkId)).toEqual([runId]);
    expect(world.emails).toEqual([]);
  });

  it('HEALTH-6 EMAIL-8 tells the administrator when it turns unhealthy, with the checks', async () => {
    const { result, world } = await run('health-check.unhealthy');
    expect(result).toMatchObject({ status: 'unhealthy' });
    expect(world.emails).toEqual([
      {
        messageKey: 'health-1',
        to: 'admin',
        subject: 'System Health Check Failed',
        body: expect.stringContaining('database: error: connection refused') as string,
      },
    ]);
    expect(world.told).toEqual(['health-1']);
  });

  it('HEALTH-6 tells of the recovery too, in the order of the changes, each under its own key', async () => {
    const { world } = await run('health-check.recovered');
    expect(world.emails.map(({ messageKey, subject }) => [messageKey, subject])).toEqual([
      ['health-1', 'System Health Check Failed'],
      ['health-2', 'System Health Check Recovered'],
    ]);
    expect(world.told).toEqual(['health-1', 'health-2']);
  });

  it('HEALTH-6 looks again after a passing failure, and gives up after three attempts', async () => {
    expect((await run('health-check.retried')).world.looks).toBe(3);
    const { error, world } = await run('health-check.failed');
    expect((error as WorkflowFailedError).cause).toMatchObject({ type: 'BackendUnavailable' });
    expect([world.looks, world.records.length]).toEqual([3, 0]);
  });

  it('HEALTH-6 mail that cannot leave does not fail the check: the next one tries again', async () => {
    const { result, world } = await run('health-check.email-refused');
    expect(result).toMatchObject({ status: 'unhealthy' });
    expect(world.told).toEqual([]);
  });

  it('HEALTH-6 can be cancelled', async () => {
    const { error, world } = await run('health-check.cancelled');
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    expect(world.emails).toEqual([]);
  });
});

describe('CLEAN-1 tasks on their own', () => {
  it('CLEAN-1 run by their names, with the input as it was given', async () => {
    const { result } = await run('run-task.cleanup-temp-files');
    expect(result).toMatchObject({ input: { dryRun: true }, deleted_files: 1 });
  });
});
