/** Redrive of canvases some of whose steps are pipelines: those that failed go on under their ids, with what they had done. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canvasWorkflows } from '../../../contracts/canvas/vocabulary.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { scriptImports } from '../../support/scripted/imports.ts';
import { scriptReports } from '../../support/scripted/reports.ts';
import { eventually } from '../../support/tasks.ts';
import { type Breakable, breakable, type Breaking, ofDeadLetters } from './redriving.ts';
import { useDeadLetters } from './world.ts';

const shared = useDeadLetters();
const pipeline = (name: string, input: object) => ({
  task: 'perennial.pipeline',
  kwargs: { name, input },
  immutable: true,
});
const report = pipeline('generateDailyReport', { date: '2026-10-01' });
const users = pipeline('dataImport', { source: { url: 'https://example.com/u.csv' }, schema: 'users', window: 1 });
const addOne = { task: 'samples.addOne', kwargs: { data: 1 }, immutable: true };
const chain = (...tasks: object[]) => ({ task: 'celery.chain', kwargs: { tasks } });
const group = (...tasks: object[]) => ({ task: 'celery.group', kwargs: { tasks } });

function broken(breaking: Breaking): Breakable {
  const scripted = { ...scriptReports().activities, ...scriptImports({ ranges: [10, 10, 10, 10] }).activities };
  const world = breakable({ ...scripted, 'samples.addOne': () => Promise.resolve(2) }, breaking);
  Object.assign(world.activities, ofDeadLetters(shared.world));
  return world;
}

/** Starts a canvas as a client does. @param input - `weight: 1` runs each branch of a group in a part of its own */
async function start(canvas: object, input: object = {}, memo?: Record<string, unknown>): Promise<string> {
  const workflowId = `canvas-${randomUUID()}`;
  await shared.world.temporal.client.workflow.start(canvasWorkflows.runCanvas, {
    ...{ workflowId, taskQueue: queues.workflows, args: [{ canvas, ...input }] },
    ...(memo === undefined ? {} : { memo }),
  });
  return workflowId;
}

const resultOf = (id: string): Promise<unknown> => shared.world.temporal.client.workflow.getHandle(id).result();

/** One of the open letters of a canvas that has failed. */
async function letterOf(id: string): Promise<string> {
  await expect(resultOf(id)).rejects.toThrow();
  const letters = async () =>
    (await shared.world.client.dlq.list({}, { limit: 500 })).items.filter(({ workflowId }) => workflowId === id);
  await eventually(async () => (await letters()).length > 0);
  return (await letters())[0]!.taskId;
}

/** Mends what broke, and redrives a canvas; returns its new id. */
async function again(id: string, world: Breakable, noting = world): Promise<string> {
  const letter = await letterOf(id);
  world.broken = false;
  noting.calls.length = 0;
  return (await shared.world.client.dlq.redrive(letter)).id;
}

/** The runs of a workflow type below a canvas. */
async function childrenOf(root: string, type: string): Promise<readonly string[]> {
  const ids: string[] = [];
  const query = `RootWorkflowId = '${root}' AND WorkflowType = '${type}'`;
  await eventually(async () => {
    ids.length = 0;
    for await (const { workflowId } of shared.world.temporal.client.workflow.list({ query })) ids.push(workflowId);
    return ids.length > 0;
  });
  return ids.toSorted();
}

/** What was called of the product's tasks, without what only reads what was done before. */
const madeIn = ({ calls }: Breakable): readonly string[] => calls.filter((call) => !call.startsWith('dlq.'));

describe('DLQ-4 the redrive of a canvas', () => {
  it('makes of a pipeline only the steps that had not succeeded, under its id, also when it fails again', async () => {
    const pdf = broken({ failing: 'reports.generatePdf' });
    const mail = breakable(pdf.activities, { failing: 'email.send' });
    await shared.world.temporal.withWorkers(mail.activities, async () => {
      const first = await start(chain(addOne, report, addOne));
      const second = await again(first, pdf, mail);
      await letterOf(second);
      expect(madeIn(mail)).toEqual(['reports.generatePdf', 'reports.saveReport', 'email.send']);
      const third = await again(second, mail);
      expect(await resultOf(third)).toBe(2);
      expect(madeIn(mail)).toEqual(['email.send', 'reports.noteReportSent', 'samples.addOne']);
      expect(await childrenOf(third, 'generateDailyReport')).toEqual(await childrenOf(first, 'generateDailyReport'));
    });
  });

  it('also of pipelines in parts of a large canvas', async () => {
    const world = broken({ failing: 'imports.save', call: 3 });
    await shared.world.temporal.withWorkers(world.activities, async () => {
      const id = await start(group(chain(addOne, users), chain(addOne, addOne)), { weight: 1 });
      const { workflow } = await shared.world.client.dlq.get(await letterOf(id));
      // Three calls, and two ranges of the file.
      expect(await shared.world.client.dlq.dryRun({ workflow })).toMatchObject({ runs: 1, stepsKept: 5 });
      const retry = await again(id, world);
      await resultOf(retry);
      expect(await childrenOf(retry, canvasWorkflows.runCanvasPart)).not.toEqual([]);
      const steps = ['download', 'parse', 'save', 'save', 'finish', 'cleanup'];
      expect(madeIn(world)).toEqual(steps.map((step) => `imports.${step}`));
      expect(await childrenOf(retry, 'dataImport')).toEqual(await childrenOf(id, 'dataImport'));
    });
  });

  it('makes the rest alone, too, where the failed pipeline waits for a person', async () => {
    const world = broken({ failing: 'email.send' });
    await shared.world.temporal.withWorkers(world.activities, async () => {
      const id = await start(chain(report, addOne), {}, { onFailure: 'park' });
      await eventually(async () => (await shared.world.client.parked.list()).items.some((run) => run.id === id));
      world.broken = false;
      world.calls.length = 0;
      await shared.world.client.parked.retry(id, { by: 'ada' });
      expect(await resultOf(id)).toBe(2);
      expect(madeIn(world)).toEqual(['email.send', 'reports.noteReportSent', 'samples.addOne']);
      expect(await childrenOf(id, 'generateDailyReport')).toHaveLength(2);
    });
  });
});
