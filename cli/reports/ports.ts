/** The port that only the commands of reports use. */
import type { ReportStore } from '../../services/reports/port.ts';
import { createReportStore } from '../../services/reports/store.ts';
import type { CliRoot } from '../root.ts';
import type { CliContext, CliServices } from '../terminal/context.ts';

/** The port of reports. */
export interface ReportPorts {
  readonly reports: Pick<ReportStore, 'list' | 'files'>;
}

/** What the commands of reports use once connected. */
export type ReportServices = CliServices & ReportPorts;

/** What one run of a command of reports works with. */
export type ReportContext = CliContext<ReportServices>;

/** Builds the port over the database. */
export function openReportPorts({ database }: CliRoot): ReportPorts {
  return { reports: createReportStore(database) };
}
