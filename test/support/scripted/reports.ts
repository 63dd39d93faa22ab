/**
 * The activities of the reports domain as a script in memory: planning is the
 * real thing over a fake user store, figures and drawings are told beforehand,
 * what was asked is recorded. For workflow tests and recorded histories.
 */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { planReport } from '../../../activities/reports/plan-report.ts';
import type { ReportPorts } from '../../../activities/reports/ports.ts';
import type { BlobRef } from '../../../contracts/values/blobs.ts';
import type { SendEmailInput } from '../../../contracts/email/schema.ts';
import { failures, type FailureType, PerennialError } from '../../../contracts/failures.ts';
import { isRetriedClass } from '../../../contracts/failures/rule.ts';
import type { Analytics, FetchAnalyticsInput, PlanReportInput } from '../../../contracts/reports/schema.ts';
import { bucketsOf, periodCalendar } from '../../../services/reports/period.ts';
import type { ReportUser } from '../../../services/reports/port.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { work } from '../work.ts';

/** What happens at one task. */
export interface ScriptedStep {
  /** Fails with this type in the first `times` attempts. @defaultValue always */
  readonly fails?: { readonly type: FailureType; readonly times?: number };
  /** How long one call takes, in milliseconds; cancellation ends it. */
  readonly takesMs?: number;
}

export interface ReportScript {
  readonly documents?: number;
  readonly failed?: number;
  readonly users?: readonly ReportUser[];
  readonly steps?: Readonly<Record<string, ScriptedStep>>;
}

/** A scripted world and what was asked of it: task name and input, in order. */
export interface ScriptedReports {
  readonly activities: Activities;
  readonly asked: { readonly task: string; readonly input: unknown }[];
  readonly emails: SendEmailInput[];
}

export const ann: ReportUser = { id: 'ann', name: 'Ann', email: 'ann@example.com', timeZone: 'Asia/Kathmandu' };

export function scriptReports(script: ReportScript = {}): ScriptedReports {
  const asked: ScriptedReports['asked'] = [];
  const emails: SendEmailInput[] = [];
  const users = script.users ?? [ann];
  const ports = {
    calendar: periodCalendar,
    analytics: { findUser: (id: string) => Promise.resolve(users.find((user) => user.id === id)) },
    defaults: { timeZone: 'Europe/Berlin', adminEmail: 'admin@example.com', publicUrl: 'https://reports.example.com' },
  } as unknown as ReportPorts; // planning asks nothing else
  const bodies: Readonly<Record<string, (input: never) => unknown>> = {
    'reports.planReport': (input: PlanReportInput) => planReport(ports, input),
    'reports.fetchAnalytics': (input: FetchAnalyticsInput) => scriptedFigures(input, script),
    'reports.generateCharts': () => ({ charts: [scriptedChart] }),
    'reports.generatePdf': () => ({ pdf: scriptedRef('reports/files'), pages: 2 }),
    'reports.saveReport': ({ plan, file }: { plan: { reportId: string }; file: BlobRef }) => ({
      report_id: plan.reportId,
      report_path: file.key,
    }),
    'reports.noteReportSent': () => ({ status: 'sent' }),
    'reports.exportRows': () => ({ file: scriptedRef('reports/exports'), rows: script.documents ?? 3 }),
    'email.send': (input: SendEmailInput) => {
      emails.push(input);
      return { status: 'sent', recipient: input.to, messageId: '<1@example.com>' };
    },
  };
  const activities = Object.fromEntries(
    Object.entries(bodies).map(([task, body]) => [
      task,
      async (input: unknown) => {
        asked.push({ task, input });
        await asScripted(script.steps?.[task]);
        try {
          return await body(input as never); // each takes the one input of its task
        } catch (error) {
          throw error instanceof PerennialError ? ApplicationFailure.nonRetryable(error.message, error.type) : error;
        }
      },
    ]),
  );
  return { activities, asked, emails };
}

export function scriptedRef(prefix: string): BlobRef {
  const sha256 = 'ab'.repeat(32);
  return { store: 'file', key: `${prefix}/ab/${sha256}`, size: 1234, sha256 };
}

const scriptedChart = {
  name: 'timeline',
  title: 'Documents by day',
  png: scriptedRef('reports/charts'),
  svg: scriptedRef('reports/charts'),
  width: 720,
  height: 220,
};

function scriptedFigures(
  { start, end, timeZone = 'UTC', userId }: FetchAnalyticsInput,
  script: ReportScript,
): Analytics {
  const { documents = 3, failed = 1 } = script;
  const period = periodCalendar.range(start, end, timeZone);
  const { unit, parts } = bucketsOf(period);
  const completed = documents - failed;
  return {
    period,
    userId: userId ?? null,
    users: documents === 0 ? 0 : 1,
    documents,
    ocr_processed: completed,
    failed,
    open: 0,
    success_rate: documents === 0 ? 0 : (completed / documents) * 100,
    pages: completed * 2,
    confidence: documents === 0 ? null : 0.9,
    processingSeconds: null,
    unit,
    buckets: parts.map(({ label }) => ({ label, completed: 0, failed: 0, open: 0 })),
    confidences: Array.from({ length: 10 }, () => 0),
    engines: [],
    failures: [],
    details: scriptedRef('reports/details'),
  };
}

async function asScripted(step: ScriptedStep | undefined): Promise<void> {
  if (step?.takesMs !== undefined) await work(step.takesMs);
  if (step?.fails === undefined || Context.current().info.attempt > (step.fails.times ?? Infinity)) return;
  const retried = isRetriedClass(failures[step.fails.type].class);
  throw ApplicationFailure.create({
    type: step.fails.type,
    message: `scripted ${step.fails.type}`,
    ...(retried ? { nextRetryDelay: 5 } : { nonRetryable: true }),
  });
}
