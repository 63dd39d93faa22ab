/**
 * Redrive of canvases a pipeline of which was stopped in its middle, alone or with its canvas, with the real activities:
 * what it had done is not done again.
 */
import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canvasWorkflows } from '../../../contracts/canvas/vocabulary.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { importWorld, type ImportWorld } from '../../support/imports.ts';
import { reportWorld, type ReportWorld } from '../../support/reports/world.ts';
import { eventually } from '../../support/tasks.ts';
import { type Breakable, breakable, ofDeadLetters } from './redriving.ts';
import { useDeadLetters } from './world.ts';

const shared = useDeadLetters();
let reports: ReportWorld;
let imports: ImportWorld;
beforeAll(async () => {
  reports = await reportWorld();
  imports = await importWorld(shared.world.database.db, { rangeBytes: 400, batchRecords: 5 });
});
afterAll(async () => {
  await imports.close();
  await reports.stop();
});
beforeEach(() => {
  reports.smtp.received.length = 0;
});

/** The activities, one of which, when it has done its work, stops the run that called it; and a task that fails. */
function stoppedAfter(stopping: string): Breakable {
  const given = { ...reports.activities, ...imports.activities, 'samples.addOne': () => Promise.resolve(2) };
  const world = breakable(given, { failing: 'samples.addOne' });
  const stops = world.activities[stopping]!;
  Object.assign(world.activities, ofDeadLetters(shared.world, filesOfAll), {
    [stopping]: async (...args: Parameters<typeof stops>): Promise<unknown> => {
      const result: unknown = await stops(...args);
      const { workflowId = '' } = Context.current().info.workflowExecution ?? {};
      if (world.broken) await shared.world.temporal.client.workflow.getHandle(workflowId).cancel();
      return result;
    },
  });
  return world;
}

const filesOfAll: Parameters<typeof ofDeadLetters>[1] = {
  openRange: (ref, start, end) =>
    imports.blobs.openRange(ref, start, end).catch(() => reports.blobs.openRange(ref, start, end)),
};

/** Runs a pipeline beside a call that fails, and redrives the canvas; returns what was called of the pipeline again. */
async function redrivenAfter(stopping: string, name: string, input: object) {
  const world = stoppedAfter(stopping);
  return shared.world.temporal.withWorkers(world.activities, async () => {
    const { client, dlq } = { client: shared.world.temporal.client, dlq: shared.world.client.dlq };
    const tasks = [
      { task: 'perennial.pipeline', kwargs: { name, input } },
      { task: 'samples.addOne', kwargs: { data: 1 } },
    ];
    const first = await client.workflow.start(canvasWorkflows.runCanvas, {
      workflowId: `canvas-${randomUUID()}`,
      taskQueue: queues.workflows,
      args: [{ canvas: { task: 'celery.group', kwargs: { tasks } } }],
    });
    await expect(first.result()).rejects.toThrow();
    const lettersOf = async () =>
      (await dlq.list({}, { limit: 500 })).items.filter((one) => one.workflowId === first.workflowId);
    await eventually(async () => (await lettersOf()).length > 0);
    const { taskId, workflow } = (await lettersOf())[0]!;
    const plan = await dlq.dryRun({ workflow });
    world.broken = false;
    world.calls.length = 0;
    const { id } = await dlq.redrive(taskId);
    const results = (await client.workflow.getHandle(id).result()) as readonly unknown[]; // of the group
    const calls = world.calls.filter((call) => call !== 'samples.addOne' && !call.startsWith('dlq.'));
    return { result: results[0], calls, plan };
  });
}

describe('DLQ-4 IDEM-4 the redrive of a canvas a pipeline of which was stopped', () => {
  it('does not do again what it had done: a report is made once and mailed once', async () => {
    const { calls, plan } = await redrivenAfter('email.send', 'generateDailyReport', { date: '2026-10-01' });
    expect(calls).toEqual(['reports.noteReportSent']);
    expect(reports.smtp.received.map(({ to }) => to)).toEqual(['admin@example.com']);
    // The six steps of the report up to its mail; the pipeline and the call that failed run again.
    expect(plan).toMatchObject({ runs: 1, stepsKept: 6, stepsAgain: 2 });
  });

  it('reads the upload of an import again, and saves the rest of its rows', async () => {
    const row = (n: number): string => `s${String(n)},s${String(n)}@example.com,"Name",UTC\n`;
    const content = `id,email,name,time_zone\n${Array.from({ length: 20 }, (_, n) => row(n)).join('')}`;
    const input = { source: await imports.upload(content), schema: 'users', window: 1 };
    const { calls, result } = await redrivenAfter('imports.save', 'dataImport', input);
    expect(calls).toEqual(['download', 'parse', 'save', 'finish', 'cleanup'].map((step) => `imports.${step}`));
    expect(result).toMatchObject({ status: 'complete', read: 20, saved: 20 });
    expect(await imports.leftovers()).toEqual([]);
  });
});
