/** Shapes that several domains answer with. */
import { z } from 'zod';

/** Something was started, or goes on. */
export const startedSchema = z.object({ id: z.string() });
