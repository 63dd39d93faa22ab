import type { WorkflowFailedError, WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atRest, startScenario } from '../support/scenarios/scenario.ts';
import { SECOND } from '../support/canvas/signatures.ts';
import { canvasOversizedScenarios as scenarios } from '../support/scenarios/canvas-oversized.ts';
import type { ScriptedCanvas } from '../support/scripted/canvas.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

interface Ran {
  readonly value: unknown;
  readonly error: unknown;
  readonly world: ScriptedCanvas;
  /** Of the run, without what its parts have done. */
  readonly children: readonly string[];
  /** When children began and ended. */
  readonly order: readonly ('begun' | 'ended')[];
}

async function run(name: keyof typeof scenarios): Promise<Ran> {
  const world = scenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, scenarios[name], world, `test-${name}`);
    const result = await handle.result().then(
      (value: unknown) => ({ value, error: undefined }),
      (error: unknown) => ({ value: undefined, error: (error as WorkflowFailedError).cause }),
    );
    const children = await childrenOf(handle);
    await atRest(temporal.client, handle);
    return { ...result, world, ...children };
  });
}

async function childrenOf(handle: WorkflowHandle): Promise<Pick<Ran, 'children' | 'order'>> {
  const events = (await handle.fetchHistory()).events ?? [];
  const children = events.flatMap(({ startChildWorkflowExecutionInitiatedEventAttributes: started }) =>
    started?.workflowId ? [started.workflowId] : [],
  );
  const order = events.flatMap((event): Ran['order'] => {
    if (event.startChildWorkflowExecutionInitiatedEventAttributes) return ['begun'];
    return event.childWorkflowExecutionCompletedEventAttributes ? ['ended'] : [];
  });
  return { children, order };
}

const statusOf = async (id: string): Promise<string> =>
  (await temporal.client.workflow.getHandle(id).describe()).status.name;

describe('an oversized canvas', () => {
  it('CANVAS-3 CANVAS-10 runs in parts, each a child; the body gets the whole list in order', async () => {
    const { value, world, children } = await run('run-canvas.in-parts');
    expect(value).toMatchObject({ by: SECOND, list: [0, 1, 2, 3, 4].map((n) => ({ n })) });
    expect(world.calls).toHaveLength(6);
    expect(children.map((id) => id.replace(/-[0-9a-f]{8}$/, ''))).toEqual(
      [1, 2, 3].map((n) => `test-run-canvas.in-parts/part/${n}`),
    );
  });

  it('has two parts under way at a time, where calls do not share activities', async () => {
    const { value, order } = await run('run-canvas.parts-in-turn');
    expect(value).toHaveLength(6);
    expect(order.slice(0, 3)).toEqual(['begun', 'begun', 'ended']);
  });

  it('has more parts under way where calls share activities', async () => {
    const { order } = await run('run-canvas.packed-parts');
    expect(order.slice(0, 3)).toEqual(['begun', 'begun', 'begun']);
  });

  it('CANVAS-1 cuts a long chain into parts that follow each other', async () => {
    const { value, world, children } = await run('run-canvas.long-chain');
    expect(value).toMatchObject({ n: 0, by: SECOND });
    expect([world.calls.length, children.length]).toEqual([7, 2]); // the first four steps the run makes itself
  });

  it('fails with the member that failed first, once all parts have ended', async () => {
    const { error, world } = await run('run-canvas.failed-part');
    expect(error).toMatchObject({ type: 'CorruptDocument' });
    expect((error as Error).message).toContain('root/0');
    expect(world.calls).toHaveLength(5);
  });

  it('waits for no links of its parts, which are made once and to their end', async () => {
    const { value, world, children } = await run('run-canvas.linked-part');
    expect(value).toMatchObject([0, 1, 1, 1, 1].map((n) => ({ n })));
    expect(world.calls.filter(({ task }) => task === SECOND)).toHaveLength(1);
    expect(await Promise.all(children.map(statusOf))).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
  });

  it('P3-58 a cancel reaches the activities of every part under way, and no further part begins', async () => {
    const { error, children } = await run('run-canvas.cancelled-parts');
    expect(error).toBeInstanceOf(CancelledFailure);
    expect(await Promise.all(children.map(statusOf))).toEqual(['CANCELLED', 'CANCELLED']);
  });
});
