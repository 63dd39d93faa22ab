/** What the activities of the reports domain need; composition roots supply it. */
import type { BlobStore } from '../../services/blobs/port.ts';
import type {
  AnalyticsStore,
  PeriodCalendar,
  ReportRenderer,
  ReportStore,
  RowExporter,
} from '../../services/reports/port.ts';

/** What stands in for what a caller leaves open. */
export interface ReportDefaults {
  /** IANA zone of reports about everybody. */
  readonly timeZone: string;
  /** Who gets them. */
  readonly adminEmail: string;
  /** Address that links start with, without a slash at its end. */
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
