/** Shapes that only the routes of AI have. */
import { z } from 'zod';
import { tenantSchema } from '../../contracts/tasks/schema.ts';

const tenant = tenantSchema.optional();
export const tenantQuery = z.strictObject({ tenant });
export const usageQuery = z.strictObject({
  tenant,
  month: z
    .string()
    .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'expected a month such as 2026-11')
    .optional()
    .describe('Month in UTC; default: that of now'),
});

const amount = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9})?$/, 'expected a decimal number such as 25 or 12.50')
  .describe('Decimal number in the currency of the prices');
export const budgetBody = z.strictObject({
  monthly: amount.nullable().describe('Most that the tenant may spend in a month; null: what the settings say'),
});
export const budgetSchema = z.object({ tenant: z.string().nullable(), monthly: amount.nullable() });
export const aiUsageSchema = budgetSchema.extend({
  month: z.string(),
  spent: amount,
  reserved: amount.describe('Kept back for calls that are under way'),
  models: z.array(
    z.object({
      model: z.string(),
      requests: z.int(),
      input_tokens: z.int(),
      output_tokens: z.int(),
      cost: amount,
    }),
  ),
});
