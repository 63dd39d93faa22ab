/** Shapes that only the routes of dead letters have. */
import { z } from 'zod';
import { pageOf, pageShape } from '../http/paging.ts';
import {
  deadCauseSchema,
  deadLetterFilterSchema,
  deadLetterSchema,
  redriveOrderSchema,
} from '../../contracts/dlq/schema.ts';

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

export const requeueBody = z.strictObject({
  by,
  reason,
  input: z.unknown().optional().describe('Another input for a single task; absent: the same'),
  whole: redriveOrderSchema.shape.whole,
});
/** `new_task_id` as the API of a Celery application spells it. */
export const requeuedSchema = z.object({ status: z.literal('requeued'), new_task_id: z.string() });

export const closeBody = z.strictObject({ by, reason });

export const redriveBody = redriveOrderSchema.extend({
  by,
  all: z.boolean().default(false).describe('Whether an empty filter means every letter'),
});
export const dryRunBody = redriveOrderSchema.pick({ filter: true, quarantined: true, whole: true, limit: true });
export const redrivesQuery = z.strictObject(pageShape({ usual: 50 }));
export const redriveParams = z.object({ id: z.string().min(1).max(200).describe('Id of the redrive') });
export const steerBody = z.strictObject({ by });
