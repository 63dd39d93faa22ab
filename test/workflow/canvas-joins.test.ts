import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RanCanvas, runCanvasScenario } from '../support/canvas/run.ts';
import { canvasJoinScenarios as scenarios } from '../support/scenarios/canvas-joins.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

const run = (name: keyof typeof scenarios): Promise<RanCanvas> => runCanvasScenario(temporal, name, scenarios[name]);
const inputsOf = ({ world }: RanCanvas): readonly unknown[] => world.calls.map(({ input }) => input);

describe('join policies in a workflow', () => {
  it('CANVAS-3 collect gives the body one outcome for each member', async () => {
    const { value } = await run('run-canvas.collect');
    expect(value).toMatchObject({
      list: [
        { ok: true, value: { n: 1 } },
        { ok: false, failure: { type: 'CorruptDocument', path: 'root/header/1', task: 'documents.readDocument' } },
      ],
    });
  });

  it('CANVAS-3 failFast cancels the activities that still run, and tells the body once', async () => {
    const ran = await run('run-canvas.fail-fast');
    expect(ran.error).toMatchObject({ type: 'CorruptDocument' });
    expect(inputsOf(ran)).not.toContainEqual(expect.objectContaining({ n: 9 }));
    expect(ran.world.calls.filter(({ input }) => (input as { told?: boolean }).told)).toHaveLength(1);
    const { events } = await ran.handle.fetchHistory();
    expect(events?.filter((event) => event.activityTaskCanceledEventAttributes)).toHaveLength(1);
  });

  it('CANVAS-3 threshold gives what succeeded once all have ended', async () => {
    const { value } = await run('run-canvas.threshold');
    expect(value).toMatchObject({ list: [{ n: 1 }, { n: 3 }] });
  });

  it('CANVAS-3 quorum goes on at once and cancels the rest', async () => {
    const ran = await run('run-canvas.quorum');
    expect(ran.value).toMatchObject({ list: [{ n: 2 }] });
    expect(inputsOf(ran)).not.toContainEqual(expect.objectContaining({ n: 9 }));
  });

  it('CANVAS-2 a group of one with a policy stays a list', async () => {
    expect((await run('run-canvas.joined-group')).value).toMatchObject({ list: [{ ok: true, value: { n: 1 } }] });
  });
});
