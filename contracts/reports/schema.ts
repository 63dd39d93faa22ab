/** Shapes of everything that enters or leaves the reports domain. Workflow code imports only types from here. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { blobRefSchema } from '../values/blobs.schema.ts';
import { addressSchema } from '../email/schema.ts';
import { EXPORT_FORMATS, MAX_REPORT_DAYS, REPORT_KINDS, REPORT_STATUSES, reportWorkflows } from './vocabulary.ts';
import { timeZoneSchema } from '../values/time-zone.schema.ts';
import { DAY_MS } from '../values/units.ts';

export const daySchema = z.iso.date('expected a day such as 2026-01-31').describe('Day, YYYY-MM-DD');
export const userIdSchema = z.string().min(1).max(200).describe('Id of a user');
export const reportTimeZoneSchema = timeZoneSchema.describe('IANA time zone in which days are counted');
export const reportIdSchema = z.uuid().describe('Id of a report');
export const formatSchema = z.enum(EXPORT_FORMATS).describe('Form of an export');

/** Counts the days of a range including both ends; the result is 0 or less for a reversed range. */
function daysBetween(start: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / DAY_MS) + 1;
}

/** Reports a reversed or too long range of two valid days. */
function checkRange(range: { start: string; end: string }, context: z.RefinementCtx): void {
  const days = daysBetween(range.start, range.end);
  if (days < 1)
    context.addIssue({
      code: 'custom',
      path: ['end'],
      message: `expected a day on or after start '${range.start}', got '${range.end}'`,
    });
  if (days > MAX_REPORT_DAYS)
    context.addIssue({
      code: 'custom',
      path: ['end'],
      message: `expected at most ${MAX_REPORT_DAYS} days from start to end, got ${days}`,
    });
}

/** A range of days as instants: `from` is included, `until` is not. */
export const periodSchema = z.object({
  start: daySchema,
  end: daySchema,
  timeZone: reportTimeZoneSchema,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
});

/** Options of calendar reports; without `date` they cover the previous day, ISO week or month. */
export const calendarOptionsSchema = z.strictObject({
  date: daySchema.optional().describe('Any day of the wanted day, week or month; default: the previous one'),
  timeZone: reportTimeZoneSchema.optional(),
  email: addressSchema.optional().describe('Who gets it; default ADMIN_EMAIL'),
});

/** Options of a report on demand. */
export const pipelineOptionsSchema = z.strictObject({
  userId: userIdSchema.optional().describe('Only the documents of this user'),
  timeZone: reportTimeZoneSchema.optional().describe("Default: the user's own, else REPORT_TIME_ZONE"),
  email: addressSchema.optional().describe('Who gets it; default: the user, else ADMIN_EMAIL'),
});

const onDemand = { start: daySchema, end: daySchema };

/** Input of a report or an export, by its kind. */
export const reportStartSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('daily'), ...calendarOptionsSchema.shape }),
  z.strictObject({ kind: z.literal('weekly'), ...calendarOptionsSchema.shape }),
  z.strictObject({ kind: z.literal('monthly'), ...calendarOptionsSchema.shape }),
  z.strictObject({ kind: z.literal('user'), userId: userIdSchema, ...onDemand }).superRefine(checkRange),
  z.strictObject({ kind: z.literal('period'), ...onDemand, ...pipelineOptionsSchema.shape }).superRefine(checkRange),
  z
    .strictObject({
      kind: z.literal('export'),
      userId: userIdSchema.nullable().describe('Whose documents; null for the documents of everybody'),
      ...onDemand,
      format: formatSchema,
      email: addressSchema,
      timeZone: reportTimeZoneSchema.optional(),
    })
    .superRefine(checkRange),
]);

export const planReportInputSchema = z.strictObject({
  kind: z.enum(REPORT_KINDS),
  /** Due time of the report; calendar kinds cover the period before it. */
  at: z.iso.datetime(),
  start: daySchema.optional(),
  end: daySchema.optional(),
  date: daySchema.optional(),
  userId: userIdSchema.nullable().optional(),
  timeZone: reportTimeZoneSchema.optional(),
  email: addressSchema.optional(),
  format: formatSchema.optional(),
  /** Present: the report covers the previous day in the user's time zone. */
  previousDay: z.literal(true).optional(),
  /** Whether a report without a recipient is refused. */
  emailed: z.boolean().optional(),
});

export const reportPlanSchema = z.object({
  reportId: reportIdSchema,
  kind: z.enum(REPORT_KINDS),
  title: z.string(),
  subject: z.string(),
  /** User whose documents are counted; `null` for all users. */
  userId: userIdSchema.nullable(),
  period: periodSchema,
  /** Recipient of the email; absent when the report is only stored. */
  recipient: addressSchema.optional(),
  /** Business key of the message, so that a second run sends nothing twice; present when `recipient` is. */
  messageKey: z.string().max(200).optional(),
  /** Name of the file for downloads and attachments. */
  fileName: z.string(),
  /** URL of the stored report. */
  link: z.string(),
});

export const fetchAnalyticsInputSchema = z
  .strictObject({
    start: daySchema,
    end: daySchema,
    userId: userIdSchema.nullable().optional(),
    timeZone: reportTimeZoneSchema.optional().describe("Default: the user's own, else REPORT_TIME_ZONE"),
  })
  .superRefine(checkRange);

const share = z.number().min(0).max(1).nullable();

export const bucketSchema = z.object({
  label: z.string(),
  completed: z.int(),
  failed: z.int(),
  /** Documents that are neither read nor failed yet. */
  open: z.int(),
});

/** The figures of a period. They contain no personal data, because they are stored in histories; names are in `details`. */
export const analyticsSchema = z.object({
  period: periodSchema,
  userId: z.string().nullable(),
  /** Number of users with a document in the period. */
  users: z.int(),
  documents: z.int(),
  /** Number of documents of the period that have been read. */
  ocr_processed: z.int(),
  failed: z.int(),
  open: z.int(),
  /** Percentage, 0 to 100; 0 when there are no documents. */
  success_rate: z.number(),
  pages: z.int(),
  /** Mean confidence of the documents that were read, 0 to 1. */
  confidence: share,
  /** Mean time from the first to the last page, in seconds. */
  processingSeconds: z.number().nullable(),
  unit: z.enum(['hour', 'day', 'month']),
  buckets: z.array(bucketSchema).max(400),
  /** Number of documents for each tenth of confidence, from 0–10 % to 90–100 %. */
  confidences: z.array(z.int()).length(10),
  engines: z.array(z.object({ engine: z.string(), documents: z.int(), pages: z.int(), confidence: share })),
  failures: z.array(z.object({ type: z.string().nullable(), documents: z.int() })),
  /** Reference to the JSON of `reportDetailsSchema`, which holds names of people and documents. */
  details: blobRefSchema,
});

/** Table rows that name people or documents; they are stored as a blob and kept out of histories. */
export const reportDetailsSchema = z.object({
  /** Name of the user that the report is about. */
  preparedFor: z.string().nullable(),
  users: z.array(z.object({ user: z.string(), documents: z.int(), completed: z.int() })),
  documents: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      pages: z.int().nullable(),
      confidence: share,
      /** Local time in the zone of the period, `YYYY-MM-DD HH:MM`. */
      created: z.string(),
    }),
  ),
  /** The latest documents that failed; `type` is `null` when no reason was recorded. */
  failures: z.array(z.object({ name: z.string(), type: z.string().nullable(), created: z.string() })),
});

export const chartSchema = z.object({
  name: z.enum(['timeline', 'outcomes', 'confidence']),
  title: z.string(),
  png: blobRefSchema,
  svg: blobRefSchema,
  /** Width in CSS pixels; the PNG has three times as many pixels. */
  width: z.number(),
  height: z.number(),
});
export const generateChartsInputSchema = z.strictObject({ data: analyticsSchema });
export const generateChartsOutputSchema = z.object({ charts: z.array(chartSchema).min(1) });

export const generatePdfInputSchema = z.strictObject({
  plan: reportPlanSchema,
  data: analyticsSchema,
  charts: z.array(chartSchema),
});
export const generatePdfOutputSchema = z.object({ pdf: blobRefSchema, pages: z.int() });

export const saveReportInputSchema = z.strictObject({
  plan: reportPlanSchema,
  file: blobRefSchema,
  charts: z.array(chartSchema),
  /** Number of documents of a report or rows of an export. */
  documents: z.int(),
});
export const saveReportOutputSchema = z.object({ report_id: reportIdSchema, report_path: z.string() });

export const noteReportSentInputSchema = z.strictObject({ reportId: reportIdSchema });
export const noteReportSentOutputSchema = z.object({ status: z.literal('sent') });

export const exportRowsInputSchema = z.strictObject({ plan: reportPlanSchema, format: formatSchema });
export const exportRowsOutputSchema = z.object({ file: blobRefSchema, rows: z.int() });

/** A report as API, CLI and client show it. */
export const reportSchema = z.object({
  id: reportIdSchema,
  kind: z.enum(REPORT_KINDS),
  title: z.string(),
  userId: z.string().nullable(),
  period: periodSchema,
  status: z.enum(REPORT_STATUSES),
  documents: z.int(),
  fileName: z.string(),
  mediaType: z.string(),
  size: z.int(),
  createdAt: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
});

/** Input and output of each task of the domain. */
export const reportTaskSchemas = {
  'reports.planReport': { input: planReportInputSchema, output: reportPlanSchema },
  'reports.fetchAnalytics': { input: fetchAnalyticsInputSchema, output: analyticsSchema },
  'reports.generateCharts': { input: generateChartsInputSchema, output: generateChartsOutputSchema },
  'reports.generatePdf': { input: generatePdfInputSchema, output: generatePdfOutputSchema },
  'reports.saveReport': { input: saveReportInputSchema, output: saveReportOutputSchema },
  'reports.noteReportSent': { input: noteReportSentInputSchema, output: noteReportSentOutputSchema },
  'reports.exportRows': { input: exportRowsInputSchema, output: exportRowsOutputSchema },
} as const;

const calendarArguments = z.union([z.tuple([]), z.tuple([calendarOptionsSchema])]);

/** What the reports domain contributes to the schemas. */
export const reportSchemas = {
  tasks: reportTaskSchemas,
  workflows: {
    [reportWorkflows.generateDailyReport]: calendarArguments,
    [reportWorkflows.generateWeeklyReport]: calendarArguments,
    [reportWorkflows.createMonthlyReport]: calendarArguments,
    [reportWorkflows.userDailyReport]: z.tuple([userIdSchema]),
  },
} as const satisfies DomainSchemas;

export type ReportPeriod = z.infer<typeof periodSchema>;
export type CalendarOptions = z.infer<typeof calendarOptionsSchema>;
export type PipelineOptions = z.infer<typeof pipelineOptionsSchema>;
export type PlanReportInput = z.infer<typeof planReportInputSchema>;
export type ReportPlan = z.infer<typeof reportPlanSchema>;
export type FetchAnalyticsInput = z.infer<typeof fetchAnalyticsInputSchema>;
export type Analytics = z.infer<typeof analyticsSchema>;
export type ReportDetails = z.infer<typeof reportDetailsSchema>;
export type Chart = z.infer<typeof chartSchema>;
export type GenerateChartsInput = z.infer<typeof generateChartsInputSchema>;
export type GenerateChartsOutput = z.infer<typeof generateChartsOutputSchema>;
export type GeneratePdfInput = z.infer<typeof generatePdfInputSchema>;
export type GeneratePdfOutput = z.infer<typeof generatePdfOutputSchema>;
export type SaveReportInput = z.infer<typeof saveReportInputSchema>;
export type SaveReportOutput = z.infer<typeof saveReportOutputSchema>;
export type NoteReportSentInput = z.infer<typeof noteReportSentInputSchema>;
export type NoteReportSentOutput = z.infer<typeof noteReportSentOutputSchema>;
export type ExportRowsInput = z.infer<typeof exportRowsInputSchema>;
export type ExportRowsOutput = z.infer<typeof exportRowsOutputSchema>;
export type ReportStart = z.infer<typeof reportStartSchema>;
/** Input of the task `exportData`. */
export type ExportDataInput = Omit<Extract<ReportStart, { kind: 'export' }>, 'kind' | 'start' | 'end'> & {
  /** First day. */
  readonly startDate: string;
  /** Last day, included. */
  readonly endDate: string;
};
export type ReportView = z.infer<typeof reportSchema>;
