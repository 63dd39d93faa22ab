/** Shapes that only the routes of queues have. */
import { z } from 'zod';
import { pageOf, pageShape } from '../http/paging.ts';
import { rateSchema } from '../../contracts/limits/schema.ts';

export const queueParams = z.object({ name: z.string().min(1).max(200) });
export const queueChangeBody = z.strictObject({
  reason: z.string().trim().min(1).max(300).describe('Why; kept by the server'),
  by: z.string().trim().min(1).max(100).optional().describe('Who; default `api`'),
});
export const queueRateBody = queueChangeBody.extend({
  rate: rateSchema.nullable().describe('Starts of all workers together; null for what the queue has by itself'),
});
export const queueSchema = z.object({
  name: z.string(),
  source: z.string().nullable(),
  priority: z.int(),
  state: z.enum(['running', 'paused', 'draining']),
  reason: z.string().nullable(),
  by: z.string().nullable(),
  since: z.string().nullable(),
  rate: z.string().nullable(),
  rateReason: z.string().nullable(),
  rateBy: z.string().nullable(),
  backlog: z.number(),
  workers: z.int(),
});
export const queueListSchema = pageOf(queueSchema);
export const queuesQuery = z.strictObject(pageShape());
