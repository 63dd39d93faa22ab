/** Shapes that only the routes of email have. */
import { z } from 'zod';
import {
  bulkEmailInputSchema,
  bulkEmailSummarySchema,
  emailOutcomeSchema,
  sendEmailOutputSchema,
} from '../../contracts/email/schema.ts';
import { MAX_BULK } from '../../contracts/email/vocabulary.ts';
import { pageOf, pageShape } from '../http/paging.ts';
import { failureSchema } from '../../contracts/failures/schema.ts';

export const queuedSchema = z.object({ status: z.literal('queued'), task_id: z.string() });
export const idParams = z.object({ id: z.string().min(1).max(300) });
export const jobStatuses = ['running', 'completed', 'failed', 'cancelled', 'terminated', 'timed-out'] as const;
export const outcomesQuery = z.strictObject({
  ...pageShape({ most: 1_000 }),
});

/** Accepts longer lists than `bulkEmailInputSchema`: the client moves a long list to a manifest. */
const { recipients: _short, ...bulkContent } = bulkEmailInputSchema.shape;
export const bulkBody = z.strictObject({
  recipients: z.array(z.string().max(1_000)).min(1).max(MAX_BULK).optional().describe('Addresses; up to 100,000'),
  ...bulkContent,
});

const progressSchema = z.object({
  phase: z.enum(['preparing', 'sending', 'finishing', 'finished', 'cancelled']),
  round: z.int(),
  total: z.int(),
  sent: z.int(),
  failed: z.int(),
  duplicates: z.int(),
  deferred: z.int(),
});

export const queuedBulkSchema = queuedSchema.extend({ total_emails: z.int().optional(), group_id: z.string() });
export const emailJobSchema = z.object({
  id: z.string(),
  status: z.enum(jobStatuses),
  result: sendEmailOutputSchema.optional(),
  failure: failureSchema.optional(),
});
export const bulkJobSchema = z.object({
  id: z.string(),
  status: z
    .enum([...jobStatuses, 'gone'])
    .describe('`gone`: deleted, or ended longer ago than the Temporal server remembers; the ledger has the progress'),
  progress: progressSchema,
  result: bulkEmailSummarySchema.optional(),
  failure: failureSchema.optional(),
});
export const outcomesSchema = pageOf(emailOutcomeSchema);
