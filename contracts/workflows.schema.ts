/** Workflows that schedules may start, each with the shape of its arguments. */
import { z } from 'zod';
import { backendSchema, batchOcrInputSchema, documentIdSchema, readingOptionsSchema } from './documents/schema.ts';
import { documentWorkflows } from './documents/vocabulary.ts';
import { emailWorkflows } from './email/vocabulary.ts';
import { housekeepingWorkflows } from './housekeeping/vocabulary.ts';
import { importInputSchema } from './imports/schema.ts';
import { importWorkflows } from './imports/vocabulary.ts';
import { calendarOptionsSchema, userIdSchema } from './reports/schema.ts';
import { reportWorkflows } from './reports/vocabulary.ts';

const none = z.tuple([]);
const calendarReport = z.union([none, z.tuple([calendarOptionsSchema])]);
const noOptions = z.union([none, z.tuple([z.strictObject({})])]);

/** By the name of the workflow. A workflow that is not here cannot be scheduled. */
export const workflowArguments: Readonly<Record<string, z.ZodType<readonly unknown[]>>> = {
  [documentWorkflows.batchOcr]: z.tuple([batchOcrInputSchema]),
  [documentWorkflows.processDocumentOcr]: z.union([
    z.tuple([documentIdSchema]),
    z.tuple([documentIdSchema, backendSchema]),
    z.tuple([documentIdSchema, backendSchema, readingOptionsSchema.omit({ backend: true }).partial().strict()]),
  ]),
  [documentWorkflows.extractInvoiceData]: z.tuple([documentIdSchema]),
  [reportWorkflows.generateDailyReport]: calendarReport,
  [reportWorkflows.generateWeeklyReport]: calendarReport,
  [reportWorkflows.createMonthlyReport]: calendarReport,
  [reportWorkflows.userDailyReport]: z.tuple([userIdSchema]),
  [importWorkflows.dataImport]: z.tuple([importInputSchema]),
  [importWorkflows.syncExternalData]: none,
  [emailWorkflows.sendWeeklyDigest]: noOptions,
  [emailWorkflows.sendInactiveReminders]: noOptions,
  [housekeepingWorkflows.healthCheck]: none,
};
