/** Redrives of many letters, on a server that suggests continue-as-new early. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RedriveProgress } from '../../contracts/dlq/vocabulary.ts';
import { deadLetterScenarios as scenarios } from '../support/scenarios/dlq.ts';
import { startScenario } from '../support/scenarios/scenario.ts';
import type { ScriptedRedrives } from '../support/scripted/redrives.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal({ suggestContinueAsNewAt: 150 });
});
afterAll(() => temporal.stop());

interface Ran {
  readonly result: RedriveProgress;
  readonly world: ScriptedRedrives;
}

async function run(name: keyof typeof scenarios): Promise<Ran> {
  const world = scenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, scenarios[name], world, `test-${name}`);
    return { result: (await handle.result()) as RedriveProgress, world }; // the result of the workflow
  });
}

it('asks for the next runs until none is left, and leaves later failures alone', async () => {
  const { result, world } = await run('redrive-letters.success');
  expect(result).toMatchObject({ done: 119, failed: 1, left: 0, quarantined: 2 });
  expect(result.reasons).toEqual([{ workflowId: 'order-1', reason: 'no such task' }]);
  expect(world.asked.map(({ after, most }) => [after, most])).toEqual([
    [null, 50],
    ['50', 50],
    ['100', 50],
  ]);
  const [first] = world.asked;
  const { startTime } = await temporal.client.workflow.getHandle('test-redrive-letters.success').describe();
  expect(Date.parse(first!.filter.until!)).toBeGreaterThanOrEqual(startTime.getTime());
  expect(new Set(world.asked.map(({ filter }) => filter.until)).size).toBe(1);
  expect(first?.redrive).toMatch(/^test-redrive-letters\.success\/[0-9a-f-]{36}$/);
});

it('takes no more than its limit', async () => {
  const { result, world } = await run('redrive-letters.limited');
  expect(result).toMatchObject({ done: 69, failed: 1, left: 0 });
  expect(world.asked.map(({ most }) => most)).toEqual([50, 20]);
});

it('ends when it is aborted, and names who did what', async () => {
  const { result } = await run('redrive-letters.steered');
  expect(result).toMatchObject({ aborted: true, failed: 1 });
  expect(result.left).toBeGreaterThan(0);
  expect(result.interventions.map(({ what, by }) => `${what} ${by}`)).toEqual(['pause bob', 'resume bob', 'abort eve']);
});

it('continues as new with what it has counted, as the same redrive', async () => {
  const { result, world } = await run('redrive-letters.continued-as-new');
  expect(result).toMatchObject({ done: 1_999, failed: 1, left: 0 });
  expect(world.asked).toHaveLength(40);
  expect(new Set(world.asked.map(({ redrive, filter }) => `${redrive} ${filter.until!}`)).size).toBe(1);
  const { runId } = await temporal.client.workflow.getHandle('test-redrive-letters.continued-as-new').describe();
  expect(world.asked[0]?.redrive).not.toContain(runId);
});
