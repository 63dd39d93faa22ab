/** Shapes that only the routes of dead letters have. */
import { z } from 'zod';
import { pageOf, pageShape } from '../http/paging.ts';
import { deadCauseSchema, deadLetterFilterSchema, deadLetterSchema } from '../../contracts/dlq/schema.ts';

export const letterParams = z.object({ id: z.string().min(1).max(1_000).describe('Id of the task that failed') });

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

export const listQuery = deadLetterFilterSchema.extend({
  ...pageShape({ usual: 50 }),
  skip: whole(0, 1_000_000).default(0).describe('Letters to leave out'),
});
export const listSchema = pageOf(deadLetterSchema).extend({
  total: z.int().describe('All open letters that the filter lets through'),
});
/** Number of a letter, after which a page begins. */
export const letterPosition = z.string().regex(/^\d{1,18}$/);

export const causesQuery = deadLetterFilterSchema.extend({ limit: whole(1, 500).default(50) });
export const causesSchema = z.object({ causes: z.array(deadCauseSchema).describe('The most frequent first') });

const by = z.string().min(1).max(200).default('an administrator').describe('Who does it');
const reason = z.string().min(1).max(1_000).optional().describe('Why');

const runsWhole = z
  .boolean()
  .default(false)
  .describe('Whether pipelines run whole, without the results of the steps that had succeeded');

export const requeueBody = z.strictObject({
  by,
  reason,
  input: z.unknown().optional().describe('Another input for a single task; absent: the same'),
  whole: runsWhole,
});
/** `new_task_id` as the API of a Celery application spells it. */
export const requeuedSchema = z.object({ status: z.literal('requeued'), new_task_id: z.string() });

export const closeBody = z.strictObject({ by, reason });

export const redriveBody = z.strictObject({
  by,
  reason,
  filter: deadLetterFilterSchema.describe('Which letters'),
  all: z.boolean().default(false).describe('Whether an empty filter means every letter'),
  dryRun: z.boolean().default(false),
  quarantined: z.boolean().default(false).describe('Whether letters in quarantine are redriven too'),
  whole: runsWhole,
  perSecond: z.number().positive().max(1_000).default(10).describe('Most runs that are started a second'),
  limit: z
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .describe('Most runs of this request; the same request goes on with the rest'),
});
export const reportSchema = z.object({
  dryRun: z.boolean(),
  letters: z.int(),
  runs: z.int(),
  causes: z.int(),
  stepsKept: z.int(),
  stepsAgain: z.int(),
  quarantined: z.int(),
  started: z.array(z.object({ workflowId: z.string(), id: z.string() })),
  notStarted: z.array(z.object({ workflowId: z.string(), reason: z.string() })),
});
