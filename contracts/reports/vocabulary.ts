/** The vocabulary of the reports domain: kinds, formats, ids and names. No other file repeats these strings. */

/**
 * Kind of a report: `daily`, `weekly` or `monthly` figures of all users, the activity of one `user`, a `period` on demand,
 * or an `export` of rows.
 */
export type ReportKind = 'daily' | 'weekly' | 'monthly' | 'user' | 'period' | 'export';

export const REPORT_KINDS = [
  'daily',
  'weekly',
  'monthly',
  'user',
  'period',
  'export',
] as const satisfies readonly ReportKind[];

/** Kinds that cover a calendar period: the previous day, ISO week or month. */
export type CalendarKind = Extract<ReportKind, 'daily' | 'weekly' | 'monthly'>;

/** Status of a report: `ready` when it is stored, `sent` when it was also sent by email. */
export type ReportStatus = 'ready' | 'sent';

export const REPORT_STATUSES = ['ready', 'sent'] as const satisfies readonly ReportStatus[];

/** File format of an export. */
export type ExportFormat = 'csv' | 'json' | 'xlsx';

export const EXPORT_FORMATS = ['csv', 'json', 'xlsx'] as const satisfies readonly ExportFormat[];

/** Most days of one report: ten years. */
export const MAX_REPORT_DAYS = 3_660;

/** Most rows of an XLSX file, which is built in memory; CSV and JSON have no limit. */
export const MAX_XLSX_ROWS = 50_000;

/** Largest file that is attached to an email, in bytes; a larger one is only linked, because many mail servers refuse it. */
export const MAX_ATTACHMENT_BYTES = 10_000_000;

/** Names of the workflows; schedules and callers of the `temporal` command use them too. */
export const reportWorkflows = {
  reportPipeline: 'reportPipeline',
  generateUserReport: 'generateUserReport',
  userDailyReport: 'userDailyReport',
  generateDailyReport: 'generateDailyReport',
  generateWeeklyReport: 'generateWeeklyReport',
  createMonthlyReport: 'createMonthlyReport',
  aggregateStatistics: 'aggregateStatistics',
  exportData: 'exportData',
} as const;

/** The name of a workflow of this domain. */
export type ReportWorkflow = keyof typeof reportWorkflows;

const PREFIXES = {
  reportPipeline: 'report-period-',
  generateUserReport: 'report-user-',
  userDailyReport: 'report-user-daily-',
  generateDailyReport: 'report-daily-',
  generateWeeklyReport: 'report-weekly-',
  createMonthlyReport: 'report-monthly-',
  aggregateStatistics: 'statistics-',
  exportData: 'export-',
} as const satisfies Readonly<Record<ReportWorkflow, string>>;

/** Returns the workflow id of a report. It is a business key, so that starting the same report twice is one job. */
export function reportWorkflowId(workflow: ReportWorkflow, key: string): string {
  return PREFIXES[workflow] + key;
}

/** Parses an id of {@link reportWorkflowId}; `undefined` for an id of another domain. The longest prefix wins. */
export function parseReportWorkflowId(id: string): { workflow: ReportWorkflow; key: string } | undefined {
  const names = Object.keys(PREFIXES) as ReportWorkflow[]; // the keys of a constant of this file
  const fitting = names.filter((name) => id.startsWith(PREFIXES[name]));
  const [workflow] = fitting.sort((a, b) => PREFIXES[b].length - PREFIXES[a].length);
  return workflow === undefined ? undefined : { workflow, key: id.slice(PREFIXES[workflow].length) };
}

/** Result of `generateUserReport`. */
export interface UserReportResult {
  readonly status: 'completed';
  readonly user_id: string;
  /** Key of the PDF in the blob store. */
  readonly report_path: string;
  readonly total_documents: number;
  readonly report_id: string;
}

/** Result of `generateDailyReport`, with the five fields of the Celery task. */
export interface DailyReportResult {
  /** Day of the report, YYYY-MM-DD. */
  readonly date: string;
  readonly total_documents: number;
  readonly completed: number;
  readonly failed: number;
  /** Percentage, 0 to 100; 0 when there were no documents. */
  readonly success_rate: number;
}

/** Result of reports that are sent by email. */
export interface ReportSent {
  readonly status: 'sent';
  readonly report_id: string;
  readonly total_documents: number;
}

/** The days that a report is about. */
export interface AboutPeriod {
  /** First and last day, YYYY-MM-DD. */
  readonly period: { readonly start: string; readonly end: string };
}

/** Result of `createMonthlyReport`. */
export interface MonthlyReportResult extends AboutPeriod {
  readonly workflow_id: string;
}

/** Result of `generateWeeklyReport`. */
export type WeeklyReportResult = ReportSent & AboutPeriod;

/** Result of `exportData`. */
export interface ExportSent {
  readonly status: 'sent';
  readonly export_id: string;
  readonly format: ExportFormat;
  readonly rows: number;
}
