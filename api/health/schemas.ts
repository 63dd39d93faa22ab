/** Shapes of the answers about health. */
import { z } from 'zod';

const timestamp = z.iso.datetime();
export const healthySchema = z.object({ status: z.literal('healthy'), timestamp });
export const aliveSchema = z.object({ status: z.literal('alive'), timestamp });
export const readySchema = z.object({
  status: z.enum(['ready', 'degraded', 'not_ready']),
  timestamp,
  checks: z.object({ database: z.string(), blobs: z.string(), temporal: z.string(), workers: z.string() }),
});
