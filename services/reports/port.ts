/** The ports of reports: periods, figures, drawings, rows. */
import type { Readable } from 'node:stream';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { CalendarKind, ExportFormat } from '../../contracts/reports/vocabulary.ts';
import type {
  Analytics,
  Chart,
  ReportDetails,
  ReportPeriod,
  ReportPlan,
  ReportView,
} from '../../contracts/reports/schema.ts';

/** Days in time zones. Everything that depends on local midnight is computed here and nowhere else. */
export interface PeriodCalendar {
  /**
   * Returns a range of days as instants: from 00:00 of the first day up to, but not including, 00:00 after the last.
   * @throws PerennialError `InvalidInput` when reversed or too long
   */
  range(start: string, end: string, timeZone: string): ReportPeriod;
  /** Returns the day, ISO week or month before the one that contains `at`. */
  previous(kind: CalendarKind, at: string, timeZone: string): ReportPeriod;
  /** Returns the day, ISO week or month that contains a day. */
  around(kind: CalendarKind, day: string, timeZone: string): ReportPeriod;
}

/** A user whom a report can be about. */
export interface ReportUser {
  readonly id: string;
  readonly name: string;
  /** `null` for a user who is known by documents only and cannot be mailed. */
  readonly email: string | null;
  /** `null` when the user has set no time zone. */
  readonly timeZone: string | null;
}

/** The figures of a period, and separately the figures that name people and documents. */
export interface Figures {
  readonly analytics: Omit<Analytics, 'details'>;
  readonly details: ReportDetails;
}

/** Counts what happened in a period. The figures of a user include no row of another user. */
export interface AnalyticsStore {
  /** Finds a user in the users table, or by documents that carry the id. */
  findUser(id: string): Promise<ReportUser | undefined>;
  /**
   * Counts all figures in one snapshot of the database.
   * @param userId - `null` for all users
   */
  figures(period: ReportPeriod, userId: string | null): Promise<Figures>;
}

/** Writes rows as a file. */
export interface RowExporter {
  /**
   * Opens the documents of a period as a stream of bytes, oldest first; `rows` returns their number once the stream has
   * ended.
   * @throws PerennialError `ExportTooLarge` when the format cannot hold them
   */
  open(
    period: ReportPeriod,
    userId: string | null,
    format: ExportFormat,
    signal: AbortSignal,
  ): Promise<{ readonly content: Readable; rows(): number }>;
}

/** A chart in the formats that were drawn. */
export interface DrawnChart {
  readonly name: Chart['name'];
  readonly title: string;
  readonly svg: string;
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A picture ready for the page. */
export interface ChartPicture {
  readonly name: Chart['name'];
  readonly title: string;
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The content of the PDF of a report. */
export interface PdfContent {
  readonly plan: Pick<ReportPlan, 'reportId' | 'title' | 'fileName' | 'period' | 'userId'>;
  readonly data: Analytics;
  readonly details: ReportDetails;
  readonly charts: readonly ChartPicture[];
}

/** The value of a cell of a sheet, before its column gives it a type. */
export type SheetCell = string | number | null;

/**
 * What the cells of a column hold: `text`; `number`; `share`, a number from 0 to 1 that is shown as a percentage;
 * `time`, an ISO time that becomes a date in UTC.
 */
export type SheetColumnKind = 'text' | 'number' | 'share' | 'time';

/** Rows under their headings. */
export interface Sheet {
  readonly name: string;
  /** Widths in characters. */
  readonly columns: readonly { readonly title: string; readonly width: number; readonly kind: SheetColumnKind }[];
  readonly rows: readonly (readonly SheetCell[])[];
}

/**
 * Draws charts, pages and sheets in a process other than the one that polls for work. The same input gives the same
 * bytes.
 */
export interface ReportRenderer {
  /**
   * Draws the charts of a report.
   * @throws PerennialError `RendererCrashed`; the reason of the signal
   */
  charts(data: Analytics, signal: AbortSignal): Promise<readonly DrawnChart[]>;
  /**
   * Draws the PDF of a report.
   * @throws PerennialError `RendererCrashed`; the reason of the signal
   */
  pdf(content: PdfContent, signal: AbortSignal): Promise<{ readonly bytes: Uint8Array; readonly pages: number }>;
  /**
   * Writes an XLSX workbook.
   * @throws PerennialError `RendererCrashed`; the reason of the signal
   */
  sheet(sheet: Sheet, signal: AbortSignal): Promise<Uint8Array>;
  /** Ends the child process for drawing. */
  close(): Promise<void>;
}

/** A report before it is stored. */
export interface NewReport {
  readonly plan: ReportPlan;
  readonly file: BlobRef;
  readonly mediaType: string;
  readonly charts: readonly Chart[];
  readonly documents: number;
}

/** Selects reports for a listing, newest first. */
export interface ReportQuery {
  readonly userId?: string;
  readonly kind?: ReportView['kind'];
  readonly limit: number;
  /** Id after which the listing continues: `next` of the page before. */
  readonly after?: string;
}

/** Reports. Every write may be repeated without a further effect, because each id has one row. */
export interface ReportStore {
  save(report: NewReport): Promise<void>;
  /** Marks a report as sent; a repetition changes nothing. */
  noteSent(id: string): Promise<void>;
  view(id: string): Promise<ReportView | undefined>;
  /** Returns the file of a report and its charts. */
  files(id: string): Promise<{ readonly file: BlobRef; readonly charts: readonly Chart[] } | undefined>;
  list(query: ReportQuery): Promise<{ readonly reports: readonly ReportView[]; readonly next: string | null }>;
}
