/** Redrive of pipelines: each runs to a failure late in its way, and again from there. */
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../../activities/shell/activity.ts';
import { scriptDocuments } from '../../support/scripted/documents.ts';
import { scriptEmail } from '../../support/scripted/email.ts';
import { scriptImports } from '../../support/scripted/imports.ts';
import { scriptedRef, scriptReports } from '../../support/scripted/reports.ts';
import { eventually } from '../../support/tasks.ts';
import { failed, ofDeadLetters } from './redriving.ts';
import { letterOf, useDeadLetters } from './world.ts';

const shared = useDeadLetters();

/** Activities that note their calls; one of them fails at one of its calls until it is mended. */
function breakable(activities: Activities, failing: string, call = 1) {
  const calls: string[] = [];
  const world = { calls, broken: true, gone: new Set<string>() };
  let count = 0;
  const noted = Object.entries(activities).map(([name, activity]) => [
    name,
    (...args: Parameters<typeof activity>) => {
      calls.push(name);
      count += name === failing ? 1 : 0;
      if (name === failing && world.broken && count >= call)
        throw ApplicationFailure.nonRetryable(`${name} is broken`, 'PathNotAllowed');
      return activity(...args);
    },
  ]);
  return {
    world,
    activities: { ...Object.fromEntries(noted), ...ofDeadLetters(shared.world, world.gone) } as Activities,
  };
}

const users = { source: { url: 'https://example.com/list.csv' }, schema: 'users' };
const profile = { userId: 'u1', email: 'a@example.com', verificationToken: 'tok-1' };

describe.each([
  {
    pipeline: 'a report',
    workflow: 'reportPipeline',
    args: ['2026-10-01', '2026-10-31'],
    script: () => scriptReports().activities,
    failing: 'email.send',
    again: ['email.send', 'reports.noteReportSent'],
    kept: 5,
  },
  {
    pipeline: 'an export',
    workflow: 'exportData',
    args: [{ userId: 'ann', startDate: '2026-10-01', endDate: '2026-10-31', format: 'csv', email: 'a@example.com' }],
    script: () => scriptReports().activities,
    failing: 'reports.saveReport',
    again: ['reports.saveReport', 'email.send', 'reports.noteReportSent'],
    kept: 2,
  },
  {
    pipeline: 'the onboarding of a user',
    workflow: 'onboardUser',
    args: [profile],
    script: () => scriptEmail().activities,
    failing: 'email.sendVerification',
    again: ['email.sendVerification'],
    kept: 2,
  },
  {
    pipeline: 'an import',
    workflow: 'dataImport',
    args: [{ ...users, window: 1 }],
    script: () => scriptImports({ ranges: [10, 10, 10, 10] }).activities,
    failing: 'imports.save',
    call: 3,
    // The file was removed when it failed, so it is fetched again; two ranges were saved.
    again: ['imports.download', 'imports.parse', 'imports.save', 'imports.save', 'imports.finish', 'imports.cleanup'],
    kept: 2,
  },
  {
    pipeline: 'the reading of a document',
    workflow: 'processDocumentOcr',
    args: ['00000000-0000-4000-8000-000000000000'],
    script: () => scriptDocuments([{ pages: 40 }]).activities,
    failing: 'documents.readDocument',
    call: 2,
    again: [...Array.from({ length: 3 }, () => 'documents.readDocument'), 'documents.saveDocuments'],
    kept: 1,
  },
])('DLQ-4 the redrive of $pipeline', ({ workflow, args, script, failing, call, again, kept }) => {
  it('runs only what had not succeeded', async () => {
    const { world, activities } = breakable(script(), failing, call);
    await shared.world.temporal.withWorkers(activities, async () => {
      const id = await failed(shared.world, workflow, args);
      world.broken = false;
      world.calls.length = 0;
      const dry = await shared.world.client.dlq.dryRun({ workflow });
      expect(dry).toMatchObject({ runs: 1, stepsKept: kept });
      await shared.world.client.dlq.redrive(id, { by: 'ada' });
      await shared.world.temporal.client.workflow.getHandle(id).result();
      expect(world.calls).toEqual(again);
    });
  });
});

const month = ['2026-10-01', '2026-10-31'];

/** Redrives a run and waits for its end; returns what was called. */
async function redriven(world: { calls: string[] }, id: string, options = {}): Promise<readonly string[]> {
  world.calls.length = 0;
  await shared.world.client.dlq.redrive(id, { by: 'ada', ...options });
  await shared.world.temporal.client.workflow.getHandle(id).result();
  return [...world.calls];
}

describe('the redrive of a pipeline', () => {
  it('a pipeline that fails again keeps what both runs have done', async () => {
    const { world, activities } = breakable(scriptReports().activities, 'reports.generatePdf');
    const second = breakable(activities, 'email.send');
    await shared.world.temporal.withWorkers(second.activities, async () => {
      const id = await failed(shared.world, 'reportPipeline', month);
      world.broken = false;
      await expect(redriven(second.world, id)).rejects.toThrow();
      expect(second.world.calls).toEqual(['reports.generatePdf', 'reports.saveReport', 'email.send']);
      await letterOf(shared.world, id);
      second.world.broken = false;
      expect(await redriven(second.world, id)).toEqual(['email.send', 'reports.noteReportSent']);
    });
  });

  it('is possible when the server has forgotten the failed run', async () => {
    const { world, activities } = breakable(scriptReports().activities, 'email.send');
    await shared.world.temporal.withWorkers(activities, async () => {
      const id = await failed(shared.world, 'reportPipeline', month);
      world.broken = false;
      const { client, endpoint } = shared.world.temporal;
      const execution = { workflowId: id };
      await client.workflowService.deleteWorkflowExecution({
        namespace: endpoint.namespace,
        workflowExecution: execution,
      });
      await eventually(() =>
        client.workflow
          .getHandle(id)
          .describe()
          .then(
            () => false,
            () => true,
          ),
      );
      expect(await redriven(world, id)).toEqual(['email.send', 'reports.noteReportSent']);
    });
  });

  it('runs a step again whose file is gone', async () => {
    const { world, activities } = breakable(scriptReports().activities, 'email.send');
    await shared.world.temporal.withWorkers(activities, async () => {
      const id = await failed(shared.world, 'reportPipeline', month);
      world.broken = false;
      world.gone.add(scriptedRef('reports/files').key);
      expect(await redriven(world, id)).toEqual(['reports.generatePdf', 'email.send', 'reports.noteReportSent']);
    });
  });

  it('runs whole when that is asked for', async () => {
    const { world, activities } = breakable(scriptReports().activities, 'reports.fetchAnalytics');
    await shared.world.temporal.withWorkers(activities, async () => {
      const id = await failed(shared.world, 'reportPipeline', month);
      world.broken = false;
      expect(await redriven(world, id, { whole: true })).toContain('reports.planReport');
    });
  });
});
