/** The vocabulary of the reports domain: kinds, formats, ids and names. No such string is written anywhere else. */

/**
 * What a report is about: everybody's `daily`, `weekly` and `monthly` figures,
 * the activity of one `user`, any `period` on demand, or an `export` of rows.
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

/** Kinds whose days follow from the calendar: the previous day, ISO week or month. */
export type CalendarKind = Extract<ReportKind, 'daily' | 'weekly' | 'monthly'>;

/** `ready`: stored, can be fetched. `sent`: it has also left by mail. */
export type ReportStatus = 'ready' | 'sent';

export const REPORT_STATUSES = ['ready', 'sent'] as const satisfies readonly ReportStatus[];

/** What rows are exported as (REPORT-12). */
export type ExportFormat = 'csv' | 'json' | 'xlsx';

export const EXPORT_FORMATS = ['csv', 'json', 'xlsx'] as const satisfies readonly ExportFormat[];

/** Most days of one report: ten years. */
export const MAX_REPORT_DAYS = 3_660;

/** Most rows of an XLSX file, which is built in memory; CSV and JSON have no limit. */
export const MAX_XLSX_ROWS = 50_000;

/** Larger files are not attached: many mail servers refuse them. The link in the message is enough. In bytes. */
export const MAX_ATTACHMENT_BYTES = 10_000_000;

/** Names under which the workflows of this domain are started, also by schedules and the `temporal` command. */
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

/** The workflow id of a report; its business key, so that starting the same report twice is one job (IDEM-4). */
export function reportWorkflowId(workflow: ReportWorkflow, key: string): string {
  return PREFIXES[workflow] + key;
}

/** The reverse of {@link reportWorkflowId}; `undefined` for an id of another domain. The longest prefix wins. */
export function parseReportWorkflowId(id: string): { workflow: ReportWorkflow; key: string } | undefined {
  const names = Object.keys(PREFIXES) as ReportWorkflow[]; // the keys of a constant of this file
  const fitting = names.filter((name) => id.startsWith(PREFIXES[name]));
  const [workflow] = fitting.sort((a, b) => PREFIXES[b].length - PREFIXES[a].length);
  return workflow === undefined ? undefined : { workflow, key: id.slice(PREFIXES[workflow].length) };
}

/** What `generateUserReport` returns (REPORT-1). */
export interface UserReportResult {
  readonly status: 'completed';
  readonly user_id: string;
  /** Where the PDF is kept: key in the blob store. */
  readonly report_path: string;
  readonly total_documents: number;
  readonly report_id: string;
}

/** What `generateDailyReport` returns (REPORT-2): exactly these five. */
export interface DailyReportResult {
  /** The day it is about, YYYY-MM-DD. */
  readonly date: string;
  readonly total_documents: number;
  readonly completed: number;
  readonly failed: number;
  /** Percent, 0…100; 0 when there were no documents. */
  readonly success_rate: number;
}

/** What reports that end with a mail return (REPORT-6, REPORT-10). */
export interface ReportSent {
  readonly status: 'sent';
  readonly report_id: string;
  readonly total_documents: number;
}

/** What `createMonthlyReport` returns (REPORT-4). */
export interface MonthlyReportResult {
  readonly workflow_id: string;
}

/** What `exportData` returns (REPORT-12). */
export interface ExportSent {
  readonly status: 'sent';
  readonly export_id: string;
  readonly format: ExportFormat;
  readonly rows: number;
}
