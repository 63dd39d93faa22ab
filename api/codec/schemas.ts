/** Shapes of the routes of the codec. */
import { z } from 'zod';

/** A payload of Temporal as JSON: its bytes in base64. */
export const payloadSchema = z.object({
  metadata: z.record(z.string(), z.base64()).optional(),
  data: z.base64().optional(),
});
export const payloadsSchema = z.object({ payloads: z.array(payloadSchema).max(10_000) });
