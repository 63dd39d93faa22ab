/** What a caller can do with reports. */
import type {
  DailyReportResult,
  ExportSent,
  MonthlyReportResult,
  ReportSent,
  UserReportResult,
} from '../../contracts/reports/vocabulary.ts';
import type { CalendarOptions, PipelineOptions, ReportStart } from '../../contracts/reports/schema.ts';
import type { JobHandle } from '../connection/jobs.ts';

/**
 * What a report of any kind ends with.
 *
 * @example
 * ```ts
 * import type { ReportResult } from './client/index.ts';
 *
 * const job = await perennial.reports.start({ kind: 'weekly' });
 * const result: ReportResult = await job.result();
 * ```
 */
export type ReportResult = DailyReportResult | MonthlyReportResult | ReportSent | UserReportResult | ExportSent;

/**
 * Whose rows are exported, of which days, as what, to whom: nothing of it has a default.
 *
 * @example
 * ```ts
 * import type { ExportStart } from './client/index.ts';
 *
 * const rows: ExportStart = {
 *   userId: null,
 *   start: '2026-01-01',
 *   end: '2026-01-31',
 *   format: 'csv',
 *   email: 'ada@example.com',
 * };
 * await perennial.reports.export(rows);
 * ```
 */
export type ExportStart = Omit<Extract<ReportStart, { kind: 'export' }>, 'kind'>;

/**
 * Reports and exports. Inputs are checked before anything is started
 * (`InvalidInput`). The same report is the same job while it runs, and one row
 * and one mail however often it runs.
 *
 * @example
 * ```ts
 * const report = await perennial.reports.daily({ date: '2026-01-31' });
 * console.log((await report.result()).success_rate);
 * ```
 */
export interface ReportJobs {
  /** Starts a report of any kind, for callers that take the kind from outside. */
  start(input: ReportStart): Promise<JobHandle<ReportResult>>;
  /** Mails the administrator about a day. @param options - without `date`: the previous day */
  daily(options?: CalendarOptions): Promise<JobHandle<DailyReportResult>>;
  /** Mails "Weekly Report" about an ISO week. @param options - without `date`: the previous week */
  weekly(options?: CalendarOptions): Promise<JobHandle<ReportSent>>;
  /** Mails "Monthly Report" about a month. @param options - without `date`: the previous month */
  monthly(options?: CalendarOptions): Promise<JobHandle<MonthlyReportResult>>;
  /** Keeps the report of a user's days, both included; mails nobody. */
  user(userId: string, start: string, end: string): Promise<JobHandle<UserReportResult>>;
  /** Fetch, charts, PDF, e-mail, about any days, both included. */
  run(start: string, end: string, options?: PipelineOptions): Promise<JobHandle<ReportSent>>;
  /** Mails the rows of days as a file. */
  export(input: ExportStart): Promise<JobHandle<ExportSent>>;
  /** The handle of a report that was started, by its id. Does not ask the server. @throws NotFound for an id of another domain */
  get(id: string): JobHandle<ReportResult>;
}
