import { reportWorkflows as names } from '../../../contracts/reports/vocabulary.ts';
import { type Scenario, until } from './scenario.ts';
import { scriptReports, type ScriptedReports } from '../scripted/reports.ts';

const october = ['2026-10-01', '2026-10-31'] as const;

const exportInput = {
  userId: 'ann',
  startDate: '2026-10-01',
  endDate: '2026-10-31',
  format: 'csv',
  email: 'ann@example.com',
} as const;

export const reportScenarios = {
  'report-pipeline.success': {
    workflow: names.reportPipeline,
    world: () => scriptReports(),
    args: [...october],
  },
  'report-pipeline.of-user': {
    workflow: names.reportPipeline,
    world: () => scriptReports(),
    args: [...october, { userId: 'ann' }],
  },
  'report-pipeline.retried': {
    workflow: names.reportPipeline,
    world: () =>
      scriptReports({
        steps: {
          'reports.generateCharts': { fails: { type: 'RendererCrashed', times: 2 } },
          'reports.saveReport': { fails: { type: 'DatabaseUnavailable', times: 3 } },
          'email.send': { fails: { type: 'BackendUnavailable', times: 1 } },
        },
      }),
    args: [...october],
  },
  'report-pipeline.renderer-down': {
    workflow: names.reportPipeline,
    world: () => scriptReports({ steps: { 'reports.generatePdf': { fails: { type: 'RendererCrashed' } } } }),
    args: [...october],
  },
  'report-pipeline.reversed': {
    workflow: names.reportPipeline,
    world: () => scriptReports(),
    args: ['2026-10-31', '2026-10-01'],
  },
  'report-pipeline.cancelled': {
    workflow: names.reportPipeline,
    world: () => scriptReports({ steps: { 'reports.generatePdf': { takesMs: 60_000 } } }),
    args: [...october],
    meanwhile: async (handle, { asked }) => {
      await until(() => asked.some(({ task }) => task === 'reports.generatePdf'));
      await handle.cancel();
    },
  },
  'generate-user-report.success': {
    workflow: names.generateUserReport,
    world: () => scriptReports(),
    args: ['ann', ...october],
  },
  'generate-user-report.unknown-user': {
    workflow: names.generateUserReport,
    world: () => scriptReports(),
    args: ['nobody', ...october],
  },
  'user-daily-report.success': {
    workflow: names.userDailyReport,
    world: () => scriptReports(),
    args: ['ann'],
  },
  'generate-daily-report.success': {
    workflow: names.generateDailyReport,
    world: () => scriptReports(),
    args: [],
  },
  'generate-daily-report.empty': {
    workflow: names.generateDailyReport,
    world: () => scriptReports({ documents: 0, failed: 0 }),
    args: [{ date: '2026-10-25' }],
  },
  'generate-weekly-report.success': {
    workflow: names.generateWeeklyReport,
    world: () => scriptReports(),
    args: [{ date: '2026-10-28' }],
  },
  'create-monthly-report.success': {
    workflow: names.createMonthlyReport,
    world: () => scriptReports(),
    args: [{ date: '2026-02-14' }],
  },
  'aggregate-statistics.success': {
    workflow: names.aggregateStatistics,
    world: () => scriptReports(),
    args: [],
  },
  'export-data.success': {
    workflow: names.exportData,
    world: () => scriptReports(),
    args: [exportInput],
  },
  'export-data.too-large': {
    workflow: names.exportData,
    world: () => scriptReports({ steps: { 'reports.exportRows': { fails: { type: 'ExportTooLarge' } } } }),
    args: [{ ...exportInput, format: 'xlsx' }],
  },
} as const satisfies Readonly<Record<string, Scenario<ScriptedReports>>>;
