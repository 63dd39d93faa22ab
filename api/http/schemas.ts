/** Shapes that several domains answer with. */
import { z } from 'zod';

/** Answer of a route that has started or resumed a job. */
export const startedSchema = z.object({ id: z.string() });
