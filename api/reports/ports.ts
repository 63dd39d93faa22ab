/** The ports that only the routes of reports use. */
import { createAnalyticsStore } from '../../services/reports/analytics.ts';
import type { AnalyticsStore, ReportStore } from '../../services/reports/port.ts';
import { createReportStore } from '../../services/reports/store.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** The ports of reports. */
export interface ReportPorts {
  readonly reports: ReportStore;
  /** Tells whether a user is known before anything is started. */
  readonly reportUsers: Pick<AnalyticsStore, 'findUser'>;
}

/** What the handlers of reports may use. */
export type ReportServices = ApiServices & ReportPorts;

/** Builds the ports over the database. */
export function openReportPorts({ database }: ApiRoot): ReportPorts {
  return { reports: createReportStore(database), reportUsers: createAnalyticsStore(database) };
}
