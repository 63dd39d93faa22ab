/** What the rest of the product knows of reports: periods, figures, drawings, rows. */
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

/** Days in time zones: every question about local midnight is answered here and nowhere else. */
export interface PeriodCalendar {
  /** A range of days as instants, [00:00 of the first, 00:00 after the last). @throws PerennialError `InvalidInput` when reversed or too long */
  range(start: string, end: string, timeZone: string): ReportPeriod;
  /** The day, ISO week or month before the one that `at` lies in. */
  previous(kind: CalendarKind, at: string, timeZone: string): ReportPeriod;
  /** The day, ISO week or month that a day lies in. */
  around(kind: CalendarKind, day: string, timeZone: string): ReportPeriod;
}

/** Whom a report can be about. */
export interface ReportUser {
  readonly id: string;
  readonly name: string;
  /** `null`: known by documents only, nobody to write to. */
  readonly email: string | null;
  /** `null`: no zone of his own. */
  readonly timeZone: string | null;
}

/** The figures of a period, and what is kept apart from them because it names people and documents. */
export interface Figures {
  readonly analytics: Omit<Analytics, 'details'>;
  readonly details: ReportDetails;
}

/** Counts what happened in a period. Of a user, never a row of anybody else (SEC-3). */
export interface AnalyticsStore {
  /** A user by the users table, or by documents that carry the id. */
  findUser(id: string): Promise<ReportUser | undefined>;
  /** All figures of one snapshot of the database. @param userId - `null` for everybody */
  figures(period: ReportPeriod, userId: string | null): Promise<Figures>;
}

/** Writes rows as a file. */
export interface RowExporter {
  /**
   * The documents of a period as a stream of bytes, oldest first; `rows` tells
   * how many there were once the stream has ended.
   *
   * @throws PerennialError `ExportTooLarge` when the format cannot hold them
   */
  open(
    period: ReportPeriod,
    userId: string | null,
    format: ExportFormat,
    signal: AbortSignal,
  ): Promise<{ readonly content: Readable; rows(): number }>;
}

/** One chart as drawn. */
export interface DrawnChart {
  readonly name: Chart['name'];
  readonly title: string;
  readonly svg: string;
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A page-ready picture. */
export interface ChartPicture {
  readonly name: Chart['name'];
  readonly title: string;
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What goes into the PDF of a report. */
export interface PdfContent {
  readonly plan: Pick<ReportPlan, 'reportId' | 'title' | 'period' | 'userId'>;
  readonly data: Analytics;
  readonly details: ReportDetails;
  readonly charts: readonly ChartPicture[];
}

/** What a cell of a sheet may hold. */
export type SheetCell = string | number | null;

/** Rows under their headings. */
export interface Sheet {
  readonly name: string;
  /** Widths in characters. */
  readonly columns: readonly { readonly title: string; readonly width: number }[];
  readonly rows: readonly (readonly SheetCell[])[];
}

/** Draws charts, pages and sheets, outside the process that polls for work. The same input gives the same bytes. */
export interface ReportRenderer {
  /** @throws PerennialError `RendererCrashed`; the reason of the signal */
  charts(data: Analytics, signal: AbortSignal): Promise<readonly DrawnChart[]>;
  /** @throws PerennialError `RendererCrashed`; the reason of the signal */
  pdf(content: PdfContent, signal: AbortSignal): Promise<{ readonly bytes: Uint8Array; readonly pages: number }>;
  /** An XLSX workbook. @throws PerennialError `RendererCrashed`; the reason of the signal */
  sheet(sheet: Sheet, signal: AbortSignal): Promise<Uint8Array>;
  /** Ends the process that draws. */
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

/** Which reports a listing gives, newest first. */
export interface ReportQuery {
  readonly userId?: string;
  readonly kind?: ReportView['kind'];
  readonly limit: number;
  /** Id after which to go on; from `next` of the page before. */
  readonly after?: string;
}

/** Reports. Every write may be repeated without a further effect: one row for each id. */
export interface ReportStore {
  save(report: NewReport): Promise<void>;
  /** Marks it as sent; harmless when it is. */
  noteSent(id: string): Promise<void>;
  view(id: string): Promise<ReportView | undefined>;
  /** The file of a report, and its charts. */
  files(id: string): Promise<{ readonly file: BlobRef; readonly charts: readonly Chart[] } | undefined>;
  list(query: ReportQuery): Promise<{ readonly reports: readonly ReportView[]; readonly next: string | null }>;
}
