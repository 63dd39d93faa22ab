/** The schema of blob references. */
import { z } from 'zod';

export const blobRefSchema = z.object({
  store: z.enum(['file', 's3']),
  key: z.string().min(1).max(512),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
