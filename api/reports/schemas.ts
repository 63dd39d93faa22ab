/** Shapes that only the routes of reports have. */
import { z } from 'zod';
import { pageOf, pageShape } from '../http/paging.ts';
import { REPORT_KINDS } from '../../contracts/reports/vocabulary.ts';
import { chartSchema, reportIdSchema, reportSchema, userIdSchema } from '../../contracts/reports/schema.ts';

export const reportParams = z.object({ id: reportIdSchema });
export const reportChartParams = z.object({ id: reportIdSchema, chart: chartSchema.shape.name });
export const chartQuery = z.strictObject({ format: z.enum(['png', 'svg']).default('png') });
export const reportsQuery = z.strictObject({
  userId: userIdSchema.optional(),
  kind: z.enum(REPORT_KINDS).optional(),
  ...pageShape({ usual: 50 }),
});
export const reportListSchema = pageOf(reportSchema);
export const reportJobSchema = z.object({
  id: z.string().describe('Id of the job'),
  status: z.enum(['running', 'completed']),
  result: z.record(z.string(), z.unknown()).optional().describe('As the workflow of the kind returns it'),
});
