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

/** What a report of any kind ends with. */
export type ReportResult = DailyReportResult | MonthlyReportResult | ReportSent | UserReportResult | ExportSent;

/** Whose rows are exported, of which days, as what, to whom: nothing of it has a default (REPORT-12). */
export type ExportStart = Omit<Extract<ReportStart, { kind: 'export' }>, 'kind'>;

/**
 * Reports and exports. Inputs are checked before anything is started
 * (`InvalidInput`). The same report is the same job while it runs, and one row
 * and one mail however often it runs (IDEM-4).
 */
export interface ReportJobs {
  /** Starts a report of any kind, for callers that take the kind from outside. */
  start(input: ReportStart): Promise<JobHandle<ReportResult>>;
  /** Mails the administrator about a day (REPORT-2). @param options - without `date`: the previous day */
  daily(options?: CalendarOptions): Promise<JobHandle<DailyReportResult>>;
  /** Mails "Weekly Report" about an ISO week (REPORT-10). @param options - without `date`: the previous week */
  weekly(options?: CalendarOptions): Promise<JobHandle<ReportSent>>;
  /** Mails "Monthly Report" about a month (REPORT-4). @param options - without `date`: the previous month */
  monthly(options?: CalendarOptions): Promise<JobHandle<MonthlyReportResult>>;
  /** Keeps the report of a user's days, both included; mails nobody (REPORT-1). */
  user(userId: string, start: string, end: string): Promise<JobHandle<UserReportResult>>;
  /** Fetch, charts, PDF, e-mail, about any days, both included (REPORT-6). */
  run(start: string, end: string, options?: PipelineOptions): Promise<JobHandle<ReportSent>>;
  /** Mails the rows of days as a file (REPORT-12). */
  export(input: ExportStart): Promise<JobHandle<ExportSent>>;
  /** The handle of a report that was started, by its id. Does not ask the server. @throws NotFound for an id of another domain */
  get(id: string): JobHandle<ReportResult>;
}
