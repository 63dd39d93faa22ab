/** Shapes that only the routes of housekeeping have. */
import { z } from 'zod';

export const taskParams = z.object({
  task: z.string().min(1).max(100).describe('Name of a task, for example `cleanupTempFiles`'),
});
export const runParams = z.object({ id: z.string().min(1).max(200).describe('Id of a run') });
/** The client checks the input against the schema of the named task, so that this one accepts every object. */
export const inputBody = z
  .record(z.string(), z.unknown())
  .describe('Input of the task; `{"dryRun": true}` only says what would be done');
export const runSchema = z.object({
  id: z.string(),
  status: z.enum(['running', 'completed', 'failed', 'cancelled', 'terminated', 'timed-out']),
  result: z.unknown().describe('What was done, or would be done; absent while the task is running'),
});
export const startedRunSchema = runSchema.omit({ result: true });
