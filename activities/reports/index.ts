/** The activities of the reports domain: one body for each row of `contracts/reports/tasks.ts`. */
import { reportTaskSchemas } from '../../contracts/reports/schema.ts';
import { reportTasks } from '../../contracts/reports/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import { generateCharts, generatePdf } from './draw.ts';
import { fetchAnalytics } from './fetch-analytics.ts';
import { exportRows, saveReport } from './keep.ts';
import { planReport } from './plan-report.ts';
import type { ReportPorts } from './ports.ts';

/**
 * Creates the activities of reports. Every one may run twice: ids are derived from the input, blobs from their content,
 * and a repeated write finds what the first one stored.
 */
export const createReportActivities = activitiesOf(reportTasks, reportTaskSchemas, (ports: ReportPorts) => ({
  planReport: (input) => planReport(ports, input),
  fetchAnalytics: (input) => fetchAnalytics(ports, input),
  generateCharts: (input, context) => generateCharts(ports, input, context),
  generatePdf: (input, context) => generatePdf(ports, input, context),
  saveReport: (input) => saveReport(ports, input),
  noteReportSent: async ({ reportId }) => {
    await ports.reports.noteSent(reportId);
    return { status: 'sent' } as const;
  },
  exportRows: (input, context) => exportRows(ports, input, context),
}));
