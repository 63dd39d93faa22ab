import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chain, group } from '../../canvas/build/builders.ts';
import { approval, pipeline } from '../../canvas/build/step-builders.ts';
import { connectPerennial } from '../../client/index.ts';
import { canvasWorkflowId } from '../../contracts/canvas/vocabulary.ts';
import { documentWorkflowId } from '../../contracts/documents/vocabulary.ts';
import { queues } from '../../contracts/queues/names.ts';
import { type RanCanvas, runCanvasScenario } from '../support/canvas/run.ts';
import { canvasStepScenarios as scenarios } from '../support/scenarios/canvas-steps.ts';
import { scriptCanvas } from '../support/scripted/canvas.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

const run = (name: keyof typeof scenarios): Promise<RanCanvas> => runCanvasScenario(temporal, name, scenarios[name]);
const undone = ({ world }: RanCanvas): readonly unknown[] =>
  world.calls.map(({ input }) => input).filter((input) => (input as { undoes?: boolean }).undoes === true);

describe('steps of a canvas in a workflow', () => {
  it('CANVAS-1 goes on with the branch of a condition', async () => {
    const { value, world } = await run('run-canvas.when');
    expect(value).toEqual({ n: 1, large: true, by: 'documents.saveDocuments' });
    expect(world.calls).toHaveLength(2);
  });

  it('CANVAS-9 maps over an earlier result', async () => {
    const { value } = await run('run-canvas.dynamic-map');
    const given = (n: number): object => ({ n, seen: true, by: 'documents.saveDocuments' });
    expect(value).toEqual([1, 2].map((n) => ({ ok: true, value: given(n) })));
  });

  it('undoes in reverse order what was done when the canvas fails, and says so', async () => {
    const ran = await run('run-canvas.compensated');
    expect(ran.error).toMatchObject({
      type: 'CorruptDocument',
      message: expect.stringContaining('; 2 of 2 calls undone') as string,
    });
    const by = 'documents.readDocument';
    expect(undone(ran)).toEqual([2, 1].map((n) => ({ undoes: true, input: { n }, result: { n, by } })));
  });

  it('undoes also when the run is cancelled; what was under way with an unknown result', async () => {
    const ran = await run('run-canvas.compensated-on-cancel');
    expect(ran.error).toBeInstanceOf(CancelledFailure);
    expect(undone(ran)).toMatchObject([
      { input: { n: 2 }, result: null },
      { input: { n: 1 }, result: { n: 1 } },
    ]);
  });
});

describe('a canvas with steps that is run in parts', () => {
  it('undoes what its parts have done in the reverse of the order in which the calls ended', async () => {
    const ran = await run('run-canvas.compensated-parts');
    expect(ran.error).toMatchObject({ message: expect.stringContaining('; 4 of 4 calls undone') as string });
    // 1 and 2 end at once, each in a part of its own; the part of 2 and 3 ends first.
    const order = undone(ran).map((one) => (one as { input: { n: number } }).input.n);
    expect(order.slice(0, 2)).toEqual([0, 3]);
    expect(order.slice(2).sort()).toEqual([1, 2]);
  });

  it('client.canvas finds what waits in parts of it, and decides there', async () => {
    const client = await connectPerennial(temporal.endpoint);
    // Two parts, which are under way together.
    const asks = Array.from({ length: 12 }, (_, n) => approval({ message: `${n}?`, gives: 'decision' }));
    try {
      await temporal.withWorkers(scriptCanvas().activities, async () => {
        const { canvas } = client;
        const run = await temporal.client.workflow.start('runCanvas', {
          taskQueue: queues.workflows,
          workflowId: canvasWorkflowId('wide'),
          args: [{ canvas: group(asks), weight: 6 }],
        });
        const waiting = async (): Promise<readonly string[]> =>
          (await canvas.approvals('wide')).map(({ path }) => path).sort();
        await expect.poll(waiting, { timeout: 20_000 }).toHaveLength(12);
        const own = await run.query<readonly unknown[]>('approvals');
        expect(own).toEqual([]);
        const ada = { by: 'Ada' };
        expect(await canvas.approve('wide', 'root/0', ada)).toEqual({ path: 'root/0', decision: 'approve', ...ada });
        await expect(canvas.reject('wide', 'root/0', ada)).rejects.toThrow('which Ada has decided (approve)');
        await expect(canvas.approve('wide', 'root/99', ada)).rejects.toThrow(/root\/3.*got 'root\/99'/);
        expect(await waiting()).toEqual(Array.from({ length: 11 }, (_, n) => `root/${n + 1}`).sort());
        for (const path of await waiting()) await canvas.reject('wide', path, ada);
        const result = (await run.result()) as readonly { readonly approved: boolean }[];
        expect(result.map(({ approved }) => approved)).toEqual([true, ...Array<boolean>(11).fill(false)]);
      });
    } finally {
      await client.close();
    }
  });
});

describe('steps that wait for a person', () => {
  it('go on with the value before them once somebody approves', async () => {
    const { value, handle } = await run('run-canvas.approved');
    expect(value).toEqual({ n: 1, by: 'documents.saveDocuments' });
    const { events } = await handle.fetchHistory();
    expect(events?.some((event) => event.timerStartedEventAttributes)).toBe(false);
  });

  it('give who decided what where that is asked for, also a rejection', async () => {
    const { value } = await run('run-canvas.rejected');
    expect(value).toMatchObject({ approved: false, note: 'looked at it', value: { n: 1 } });
  });

  it('wait with a durable timer; then a canvas takes their place, or they fail', async () => {
    const { value, handle } = await run('run-canvas.approval-timed-out');
    expect(value).toEqual({ n: 1, late: true, by: 'documents.saveDocuments' });
    const { events } = await handle.fetchHistory();
    expect(events?.some((event) => event.timerFiredEventAttributes)).toBe(true);
    const { error, world } = await run('run-canvas.approval-failed');
    expect(error).toMatchObject({
      type: 'ApprovalTimedOut',
      message: 'nobody decided within 0.2 s (perennial.approval at root/1)',
    });
    expect(world.calls.at(-1)?.input).toMatchObject({ told: true, failed: { type: 'ApprovalTimedOut' } });
  });

  it('client.canvas decides once; the same again changes nothing, another decision is refused', async () => {
    const client = await connectPerennial(temporal.endpoint);
    const canvas = chain(approval({ message: 'First?' }), approval({ message: 'Second?', timeout: 3600 }));
    try {
      await temporal.withWorkers(scriptCanvas().activities, async () => {
        const { canvas: canvases } = client;
        const job = await canvases.run(canvas, { id: 'asks', args: ['the value'] });
        await expect
          .poll(() => canvases.approvals('asks'))
          .toMatchObject([{ path: 'root/0', message: 'First?', until: null }]);
        const ada = { by: 'Ada', note: 'yes' };
        const wrong = canvases.approve('asks', 'root/7', ada);
        await expect(wrong).rejects.toThrow("expected a step that waits for a person (root/0), got 'root/7'");
        const decided = { path: 'root/0', decision: 'approve', ...ada };
        expect(await canvases.approve('asks', 'root/0', ada)).toEqual(decided);
        expect(await canvases.approve('asks', 'root/0', { by: 'Ada' })).toEqual(decided);
        await expect(canvases.reject('asks', 'root/0', ada)).rejects.toThrow('which Ada has decided (approve)');
        await expect.poll(() => canvases.approvals('asks')).toMatchObject([{ path: 'root/1', message: 'Second?' }]);
        await canvases.reject('asks', 'root/1', { by: 'Bob' });
        await expect(job.result()).rejects.toThrow('rejected by Bob (perennial.approval at root/1)');
      });
      await expect(client.canvas.approve('nobody', 'root', { by: 'Ada' })).rejects.toThrow('nobody');
      await expect(client.canvas.approve('asks', '', { by: 'Ada' })).rejects.toThrow('approval.path');
      const late = client.canvas.run(canvas, { options: { countdown: -1 } });
      await expect(late).rejects.toThrow('options.countdown: expected seconds, at least 0, got -1');
    } finally {
      await client.close();
    }
  });
});

describe('pipelines in a canvas', () => {
  it('run as a child under an id of their own domain, and give their result', async () => {
    const { value, world, handle } = await run('run-canvas.pipeline');
    expect(value).toMatchObject({ by: 'documents.extractInvoice' });
    expect(world.calls.map(({ task }) => task)).toEqual(['documents.readDocument', 'documents.extractInvoice']);
    const { events } = await handle.fetchHistory();
    const [child] = events?.flatMap((event) => event.childWorkflowExecutionStartedEventAttributes ?? []) ?? [];
    expect(child?.workflowExecution?.workflowId).toBe(documentWorkflowId('extractInvoiceData', 'invoice-1'));
  });

  it('a name that is no pipeline and an input that it does not take start nothing', async () => {
    const client = await connectPerennial(temporal.endpoint);
    try {
      const unknown = { task: 'perennial.pipeline', kwargs: { name: 'rm' } };
      await expect(client.canvas.runJson(unknown)).rejects.toThrow('canvas.kwargs.name: expected a pipeline');
      const wrong = chain(pipeline('dataImport').si({ source: { url: 7 } } as never));
      await expect(client.canvas.run(wrong)).rejects.toThrow('canvas.kwargs.tasks[0].kwargs.input.source');
    } finally {
      await client.close();
    }
  });
});
