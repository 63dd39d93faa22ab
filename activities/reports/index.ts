/** The activities of the reports domain: one for each task of the catalogue. */
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { reportTasks as tasks } from '../../contracts/reports/tasks.ts';
import { shell, type ShellOptions } from '../shell/shell.ts';
import { generateCharts, generatePdf } from './draw.ts';
import { fetchAnalytics } from './fetch-analytics.ts';
import { exportRows, saveReport } from './keep.ts';
import { planReport } from './plan-report.ts';
import type { ReportPorts } from './ports.ts';

/**
 * Activities of the reports domain, by task name. Every one may run twice: ids
 * follow from the input, blobs from their content, and each write meets its
 * own earlier self.
 */
export function createReportActivities(ports: ReportPorts, options: ShellOptions) {
  return {
    [tasks.planReport.name]: shell(
      tasks.planReport,
      taskSchemas['reports.planReport'],
      (input) => planReport(ports, input),
      options,
    ),
    [tasks.fetchAnalytics.name]: shell(
      tasks.fetchAnalytics,
      taskSchemas['reports.fetchAnalytics'],
      (input) => fetchAnalytics(ports, input),
      options,
    ),
    [tasks.generateCharts.name]: shell(
      tasks.generateCharts,
      taskSchemas['reports.generateCharts'],
      (input, context) => generateCharts(ports, input, context),
      options,
    ),
    [tasks.generatePdf.name]: shell(
      tasks.generatePdf,
      taskSchemas['reports.generatePdf'],
      (input, context) => generatePdf(ports, input, context),
      options,
    ),
    [tasks.saveReport.name]: shell(
      tasks.saveReport,
      taskSchemas['reports.saveReport'],
      (input) => saveReport(ports, input),
      options,
    ),
    [tasks.noteReportSent.name]: shell(
      tasks.noteReportSent,
      taskSchemas['reports.noteReportSent'],
      async ({ reportId }) => {
        await ports.reports.noteSent(reportId);
        return { status: 'sent' } as const;
      },
      options,
    ),
    [tasks.exportRows.name]: shell(
      tasks.exportRows,
      taskSchemas['reports.exportRows'],
      (input, context) => exportRows(ports, input, context),
      options,
    ),
  };
}
