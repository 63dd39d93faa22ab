/** The rows that the reports domain adds to the catalogue of tasks. */
import { fourTimes180s, standardLimits, untilStoreIsBack } from '../tasks/policies.ts';
import { queues } from '../queues/names.ts';
import type {
  Analytics,
  ExportRowsInput,
  ExportRowsOutput,
  FetchAnalyticsInput,
  GenerateChartsInput,
  GenerateChartsOutput,
  GeneratePdfInput,
  GeneratePdfOutput,
  NoteReportSentInput,
  NoteReportSentOutput,
  PlanReportInput,
  ReportPlan,
  SaveReportInput,
  SaveReportOutput,
} from './schema.ts';
import { taskRow } from '../tasks/definition.ts';

export const reportTasks = {
  planReport: taskRow<PlanReportInput, ReportPlan>()({
    name: 'reports.planReport',
    queue: queues.documentsLowPriority,
    purpose: 'Determines what a report is about: its days in a time zone, its user, its reader and its id.',
    retry: untilStoreIsBack,
    limits: standardLimits,
  }),
  fetchAnalytics: taskRow<FetchAnalyticsInput, Analytics>()({
    name: 'reports.fetchAnalytics',
    queue: queues.documentsLowPriority,
    purpose: 'Counts what happened to the documents of a period.',
    retry: fourTimes180s,
    limits: standardLimits,
  }),
  generateCharts: taskRow<GenerateChartsInput, GenerateChartsOutput>()({
    name: 'reports.generateCharts',
    queue: queues.documentsLowPriority,
    purpose: 'Draws the charts of a report as PNG and SVG.',
    retry: fourTimes180s,
    limits: standardLimits,
  }),
  generatePdf: taskRow<GeneratePdfInput, GeneratePdfOutput>()({
    name: 'reports.generatePdf',
    queue: queues.documentsLowPriority,
    purpose: 'Writes the PDF of a report from its figures and charts.',
    retry: fourTimes180s,
    limits: standardLimits,
  }),
  saveReport: taskRow<SaveReportInput, SaveReportOutput>()({
    name: 'reports.saveReport',
    queue: queues.documentsLowPriority,
    purpose: 'Stores a report: one row for each report, however often it is repeated.',
    retry: untilStoreIsBack,
    limits: standardLimits,
  }),
  noteReportSent: taskRow<NoteReportSentInput, NoteReportSentOutput>()({
    name: 'reports.noteReportSent',
    queue: queues.documentsLowPriority,
    purpose: 'Notes that a report was mailed.',
    retry: untilStoreIsBack,
    limits: standardLimits,
  }),
  exportRows: taskRow<ExportRowsInput, ExportRowsOutput>()({
    name: 'reports.exportRows',
    queue: queues.documentsLowPriority,
    purpose: 'Writes the documents of a user and a period as CSV, JSON or XLSX.',
    retry: fourTimes180s,
    limits: standardLimits,
  }),
} as const;
