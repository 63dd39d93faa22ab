/** Redrive of pipelines: each runs to a failure late in its way, and again from there. */
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../../activities/shell/activity.ts';
import { scriptDocuments } from '../../support/scripted/documents.ts';
import { scriptEmail } from '../../support/scripted/email.ts';
import { scriptImports } from '../../support/scripted/imports.ts';
import { scriptMessages } from '../../support/scripted/messages.ts';
import { scriptedRef, scriptReports } from '../../support/scripted/reports.ts';
import { eventually } from '../../support/tasks.ts';
import { breakable, failed, ofDeadLetters, redriven, scriptedFiles } from './redriving.ts';
import { letterOf, useDeadLetters } from './world.ts';

const shared = useDeadLetters();

/** Scripted activities, one of which is broken; files that they name may be gone. */
function breaking(given: Activities, failing: string, call?: number) {
  const gone = new Set<string>();
  const world = breakable(given, { failing, call });
  return { world, gone, activities: { ...world.activities, ...ofDeadLetters(shared.world, scriptedFiles(gone)) } };
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
  ...(['reportToUser', 'checkInOnUser'] as const).map((task) => ({
    pipeline: `messages.${task} to all users`,
    workflow: task === 'reportToUser' ? 'sendMonthlyReports' : 'sendWeeklyCheckins',
    args: [],
    script: () => scriptMessages({ users: 4 }).activities,
    failing: `messages.${task}`,
    call: 3,
    again: [`messages.${task}`, `messages.${task}`],
    kept: 3,
  })),
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
    const { world, activities } = breaking(script(), failing, call);
    await shared.world.temporal.withWorkers(activities, async () => {
      const id = await failed(shared.world, workflow, args);
      const dry = await shared.world.client.dlq.dryRun({ workflow });
      expect(dry).toMatchObject({ runs: 1, stepsKept: kept });
      expect(await redriven(shared.world, world, id)).toMatchObject({ calls: again });
    });
  });
});

const month = ['2026-10-01', '2026-10-31'];

describe('the redrive of a pipeline', () => {
  it('a pipeline that fails again keeps what both runs have done', async () => {
    const { world, activities } = breaking(scriptReports().activities, 'reports.generatePdf');
    const second = breaking(activities, 'email.send');
    await shared.world.temporal.withWorkers(second.activities, async () => {
      const id = await failed(shared.world, 'reportPipeline', month);
      world.broken = false;
      second.world.calls.length = 0;
      await shared.world.client.dlq.redrive(id);
      await expect(shared.world.temporal.client.workflow.getHandle(id).result()).rejects.toThrow();
      expect(second.world.calls).toEqual(['reports.generatePdf', 'reports.saveReport', 'email.send']);
      await letterOf(shared.world, id);
      const again = ['email.send', 'reports.noteReportSent'];
      expect(await redriven(shared.world, second.world, id)).toMatchObject({ calls: again });
    });
  });

  it('is possible when the server has forgotten the failed run', async () => {
    const { world, activities } = breaking(scriptReports().activities, 'email.send');
    await shared.world.temporal.withWorkers(activities, async () => {
      const id = await failed(shared.world, 'reportPipeline', month);
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
      const again = ['email.send', 'reports.noteReportSent'];
      expect(await redriven(shared.world, world, id)).toMatchObject({ calls: again });
    });
  });

  it('runs a step again whose file is gone', async () => {
    const { world, gone, activities } = breaking(scriptReports().activities, 'email.send');
    await shared.world.temporal.withWorkers(activities, async () => {
      const id = await failed(shared.world, 'reportPipeline', month);
      gone.add(scriptedRef('reports/files').key);
      const again = ['reports.generatePdf', 'email.send', 'reports.noteReportSent'];
      expect(await redriven(shared.world, world, id)).toMatchObject({ calls: again });
    });
  });

  it('runs whole when that is asked for', async () => {
    const { world, activities } = breaking(scriptReports().activities, 'reports.fetchAnalytics');
    await shared.world.temporal.withWorkers(activities, async () => {
      const id = await failed(shared.world, 'reportPipeline', month);
      const { calls } = await redriven(shared.world, world, id, { whole: true });
      expect(calls).toContain('reports.planReport');
    });
  });
});
