import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkflowFailedError } from '@temporalio/client';
import { USER_PAGE } from '../../contracts/messages/vocabulary.ts';
import { messageScenarios as scenarios } from '../support/scenarios/messages.ts';
import { startScenario } from '../support/scenarios/scenario.ts';
import type { ScriptedMessages } from '../support/scripted/messages.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal({ suggestContinueAsNewAt: 150 });
});
afterAll(() => temporal.stop());

async function run(
  name: keyof typeof scenarios,
): Promise<{ world: ScriptedMessages; result?: unknown; error?: unknown }> {
  const world = scenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, scenarios[name], world, `test-${name}`);
    return handle.result().then(
      (result: unknown) => ({ world, result }),
      (error: unknown) => ({ world, error }),
    );
  });
}

describe('sendMonthlyReports', () => {
  it('COMMS-3 tells every user about the month before, and counts whoever cannot be told', async () => {
    const { result, world } = await run('send-monthly-reports.success');
    expect(result).toEqual({ status: 'finished', users: 5, sent: 4, failed: 1, duplicates: 0, deferred: 0 });
    expect(world.told.map(({ userId }) => userId).sort()).toEqual(['001', '002', '003', '004', '005']);
    expect(new Set(world.told.map(({ period }) => period))).toEqual(new Set(['2026-02']));
  });

  it('COMMS-3 makes three rounds at most, in which those who were told are left out', async () => {
    const { result, world } = await run('send-monthly-reports.given-up');
    expect(result).toMatchObject({ users: 3, sent: 2, deferred: 1 });
    expect(world.told.filter(({ userId }) => userId === '002').map(({ round }) => round)).toEqual([1, 2, 3]);
    expect(world.told).toHaveLength(5);
  });

  it('ends with what concerns all users', async () => {
    const { error, world } = await run('send-monthly-reports.failed');
    expect((error as WorkflowFailedError).cause).toMatchObject({ type: 'MessagingNotConfigured' });
    expect(world.told.every(({ round }) => round === 1)).toBe(true);
  });
});

describe('sendWeeklyCheckins', () => {
  it('COMMS-6 asks every user once in the week of its Monday, later those who are to be asked later', async () => {
    const { result, world } = await run('send-weekly-checkins.deferred');
    expect(result).toEqual({ status: 'finished', users: 6, sent: 6, failed: 0, duplicates: 0, deferred: 0 });
    expect(
      world.told
        .filter(({ round }) => round === 2)
        .map(({ userId }) => userId)
        .sort(),
    ).toEqual(['002', '005']);
    expect(new Set(world.told.map(({ period }) => period))).toEqual(new Set(['2026-03-09']));
  });

  it('COMMS-6 goes on in a new run at the user where the one before stopped', async () => {
    const { result, world } = await run('send-weekly-checkins.continued-as-new');
    expect(result).toMatchObject({ users: 230, sent: 230, failed: 0, deferred: 0 });
    const history = await temporal.client.workflow
      .getHandle('test-send-weekly-checkins.continued-as-new')
      .fetchHistory();
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    expect(started?.continuedExecutionRunId).not.toBe('');
    const once = world.told.filter(({ round }) => round === 1);
    expect(new Set(once.map(({ userId }) => userId)).size).toBe(230);
    expect(once).toHaveLength(230);
    // Only the pages with somebody who waits are looked at again.
    expect(world.pages.map(({ after }) => after)).toEqual(['', '100', '200', '', '100', '200']);
    expect(world.pages.every(({ limit }) => limit === USER_PAGE)).toBe(true);
  });
});
