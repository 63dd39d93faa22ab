/** The ports of the reports domain; composition roots supply them. */
import type { BlobStore } from '../../services/blobs/port.ts';
import type {
  AnalyticsStore,
  PeriodCalendar,
  ReportRenderer,
  ReportStore,
  RowExporter,
} from '../../services/reports/port.ts';

/** Defaults for fields that a caller leaves out. */
export interface ReportDefaults {
  /** IANA time zone of reports about all users. */
  readonly timeZone: string;
  /** Recipient of reports about all users. */
  readonly adminEmail: string;
  /** Base address of links, without a trailing slash. */
  readonly publicUrl: string;
}

/** All ports of the reports domain. */
export interface ReportPorts {
  readonly calendar: PeriodCalendar;
  readonly analytics: AnalyticsStore;
  readonly reports: ReportStore;
  readonly exporter: RowExporter;
  readonly renderer: ReportRenderer;
  readonly blobs: BlobStore;
  readonly defaults: ReportDefaults;
}
