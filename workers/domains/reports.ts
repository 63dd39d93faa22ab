/** Builds the adapters and activities of the reports domain. */
import { createReportActivities } from '../../activities/reports/index.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createAnalyticsStore } from '../../services/reports/analytics.ts';
import { createRowExporter } from '../../services/reports/exports.ts';
import { periodCalendar } from '../../services/reports/period.ts';
import type { ReportRenderer } from '../../services/reports/port.ts';
import { createReportRenderer } from '../../services/reports/renderer.ts';
import { createReportStore } from '../../services/reports/store.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Builds the reports domain with its real adapters; measurements may pass another `renderer`. */
export function createReportsDomain(
  { config, database, shell }: DomainContext,
  renderer: ReportRenderer = createReportRenderer(),
): Domain {
  const ports = {
    calendar: periodCalendar,
    analytics: createAnalyticsStore(database),
    reports: createReportStore(database),
    exporter: createRowExporter(database, renderer),
    renderer,
    blobs: createBlobStore(config.blobs.url),
    defaults: {
      timeZone: config.reports.timeZone,
      adminEmail: config.email.adminEmail,
      publicUrl: config.email.publicUrl,
    },
  };
  return { activities: createReportActivities(ports, shell), close: () => renderer.close() };
}
