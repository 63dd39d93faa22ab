/** Reports about everybody's day, week or month: by default the previous one, counted from when the run is due. */
import { workflowInfo } from '@temporalio/workflow';
import type {
  AboutPeriod,
  CalendarKind,
  DailyReportResult,
  MonthlyReportResult,
  WeeklyReportResult,
} from '../../contracts/reports/vocabulary.ts';
import type { Analytics, CalendarOptions, ReportPlan } from '../../contracts/reports/schema.ts';
import { tasks } from '../calls/tasks.ts';
import { dueAt } from '../calls/due-at.ts';
import { dailyBody } from './mail-content.ts';
import { writeReport } from './write-report.ts';

function plan(kind: CalendarKind, options: CalendarOptions): Promise<ReportPlan> {
  return tasks.reports.planReport({ kind, at: dueAt(), emailed: true, ...options });
}

const daysOf = ({ period: { start, end } }: ReportPlan): AboutPeriod['period'] => ({ start, end });

/** Reports on a day and mails the administrator; the rate is 0 when no documents arrived. */
export async function generateDailyReport(options: CalendarOptions = {}): Promise<DailyReportResult> {
  const { plan: planned, data } = await writeReport(await plan('daily', options), dailyBody);
  return {
    date: planned.period.start,
    total_documents: data.documents,
    completed: data.ocr_processed,
    failed: data.failed,
    success_rate: data.success_rate,
  };
}

/** Mails "Weekly Report" with the PDF of an ISO week attached. */
export async function generateWeeklyReport(options: CalendarOptions = {}): Promise<WeeklyReportResult> {
  const { plan: planned, data } = await writeReport(await plan('weekly', options));
  return {
    status: 'sent',
    report_id: planned.reportId,
    total_documents: data.documents,
    period: daysOf(planned),
  };
}

/**
 * Aggregates a month, writes the report and mails "Monthly Report". The bounds of the month are computed from the
 * calendar, because months differ in length.
 */
export async function createMonthlyReport(options: CalendarOptions = {}): Promise<MonthlyReportResult> {
  const { plan: planned } = await writeReport(await plan('monthly', options));
  return { workflow_id: workflowInfo().workflowId, period: daysOf(planned) };
}

/** The result of `aggregateStatistics`. */
export interface PeriodStatistics {
  readonly period: CalendarKind;
  readonly stats: Omit<Analytics, 'details'>;
}

/** Counts what happened in a day, week or month; nothing is written or mailed. */
export async function aggregateStatistics(
  period: CalendarKind = 'monthly',
  options: Pick<CalendarOptions, 'date' | 'timeZone'> = {},
): Promise<PeriodStatistics> {
  const planned = await tasks.reports.planReport({ kind: period, at: dueAt(), ...options });
  const { start, end, timeZone } = planned.period;
  const { details: _details, ...stats } = await tasks.reports.fetchAnalytics({ start, end, timeZone });
  return { period, stats };
}
