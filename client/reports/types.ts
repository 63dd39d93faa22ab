/** The interface of the reports domain. */
import type {
  DailyReportResult,
  ExportSent,
  MonthlyReportResult,
  ReportSent,
  WeeklyReportResult,
  UserReportResult,
} from '../../contracts/reports/vocabulary.ts';
import type { CalendarOptions, PipelineOptions, ReportStart } from '../../contracts/reports/schema.ts';
import type { JobHandle, JobName } from '../connection/jobs.ts';

/**
 * Result of a report of any kind.
 *
 * @example
 * ```ts
 * import type { ReportResult } from './client/index.ts';
 *
 * const job = await perennial.reports.start({ kind: 'weekly' });
 * const result: ReportResult = await job.result();
 * ```
 */
export type ReportResult =
  DailyReportResult | MonthlyReportResult | WeeklyReportResult | ReportSent | UserReportResult | ExportSent;

/**
 * Input of an export; no field has a default.
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
 * (`InvalidInput`). A report that is already running
 * is joined; however often it runs, it writes one row and sends one email.
 *
 * @example
 * ```ts
 * const report = await perennial.reports.daily({ date: '2026-01-31' });
 * console.log((await report.result()).success_rate);
 * ```
 */
export interface ReportJobs {
  /**
   * Starts a report whose kind comes from outside. An `id` names the job: a later start with it and the same input is this
   * one, unless it has failed.
   *
   * @throws Conflict the id belongs to a report with other input
   */
  start(input: ReportStart, options?: JobName): Promise<JobHandle<ReportResult>>;
  /** Emails the report of a day to the administrator. @param options - without `date`: the previous day */
  daily(options?: CalendarOptions): Promise<JobHandle<DailyReportResult>>;
  /** Emails the report of an ISO week. @param options - without `date`: the previous week */
  weekly(options?: CalendarOptions): Promise<JobHandle<WeeklyReportResult>>;
  /** Emails the report of a month. @param options - without `date`: the previous month */
  monthly(options?: CalendarOptions): Promise<JobHandle<MonthlyReportResult>>;
  /** Stores the report of a user from `start` to `end`, both included, and emails nobody. */
  user(userId: string, start: string, end: string): Promise<JobHandle<UserReportResult>>;
  /** Writes a report from `start` to `end`, both included, with charts and PDF, and emails it. */
  run(start: string, end: string, options?: PipelineOptions): Promise<JobHandle<ReportSent>>;
  /** Emails rows as a file. */
  export(input: ExportStart): Promise<JobHandle<ExportSent>>;
  /** Returns the handle of a report by its id, without a request to the server. @throws NotFound the id belongs to another domain */
  get(id: string): JobHandle<ReportResult>;
}
