import type { WorkflowFailedError, WorkflowHandle } from '@temporalio/client';
import { atRest, type Scenario, startScenario } from '../scenarios/scenario.ts';
import type { ScriptedCanvas } from '../scripted/canvas.ts';
import type { TestTemporal } from '../temporal.ts';

/** What came of one run of a canvas. */
export interface RanCanvas {
  readonly value: unknown;
  /** What the workflow failed with. */
  readonly error: unknown;
  readonly world: ScriptedCanvas;
  readonly handle: WorkflowHandle;
}

/** Runs a scenario to its end with workers of its own. */
export async function runCanvasScenario(
  temporal: TestTemporal,
  name: string,
  scenario: Scenario<ScriptedCanvas>,
): Promise<RanCanvas> {
  const world = scenario.world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, scenario, world, `test-${name}`);
    const result = await handle.result().then(
      (value: unknown) => ({ value, error: undefined }),
      (error: unknown) => ({ value: undefined, error: (error as WorkflowFailedError).cause }),
    );
    await atRest(temporal.client, handle);
    return { ...result, world, handle };
  });
}
