/** The workflows of the reports domain, by name, and what they accept. */
export {
  aggregateStatistics,
  createMonthlyReport,
  generateDailyReport,
  generateWeeklyReport,
} from './calendar-reports.ts';
export { exportData } from './export-data.ts';
export { reportPipeline } from './report-pipeline.ts';
export { generateUserReport, userDailyReport } from './user-reports.ts';
export { reportShapes } from './shapes.ts';
