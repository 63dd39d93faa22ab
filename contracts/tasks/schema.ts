/** Shapes of the options of a call. */
import { z } from 'zod';
import { MAX_CALL_SECONDS, SYSTEM_TAG } from './calls.ts';
import { INSTANT_EXPECTED } from '../values/instant.ts';
import { instantSchema } from '../values/instant.schema.ts';
import { jsonSchema } from '../values/json/schema.ts';
import { printableSchema } from '../values/printable.schema.ts';
import { callLimitSchema } from '../limits/schema.ts';
import { MAX_CALL_LIMITS } from '../limits/vocabulary.ts';
import { parkedShape } from '../parked/schema.ts';
import { PRIORITY_HIGH, PRIORITY_LOW } from '../queues/priorities.ts';

/** A word without characters that a visibility query must escape, short enough for the 64 bytes of a fairness key. */
const word = (what: string): z.ZodString =>
  z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\w.:@/+-]+$/, 'letters, digits and . : @ / + _ -')
    .describe(what);

export const taskIdSchema = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[\w.:@/+-]+$/, 'letters, digits and . : @ / + _ -')
  .describe('Id of a task');

/** Id by which a run is looked up; runs of schedules carry the name of their schedule, which may be any printable text. */
export const knownIdSchema = printableSchema(500).describe('Id of a task');

const seconds = z.number().positive().max(MAX_CALL_SECONDS);
/** A point in time as text, or a `Date`. */
const moment = z.union([instantSchema, z.date()], { error: `expected ${INSTANT_EXPECTED}` });
const EXPIRES_ERROR = `expected seconds as a number, more than 0 and at most ${MAX_CALL_SECONDS}, or ${INSTANT_EXPECTED}`;
/** Seconds from now on, or a point in time as text; a number in quotes is neither. */
export const expiresSchema = z
  .union([seconds, instantSchema], { error: EXPIRES_ERROR })
  .describe('Do not start after so many seconds, or after this time');
export const countdownSchema = z.number().nonnegative().max(MAX_CALL_SECONDS).describe('Start after so many seconds');
export const idempotencyKeySchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.:@/+-]+$/, 'letters, digits and . : @ / + _ -')
  .describe('A second call of the task with the same key is the first one');

export const prioritySchema = z.int().min(PRIORITY_LOW).max(PRIORITY_HIGH).describe('1 to 10, 10 first');
export const tenantSchema = word('On whose behalf; tenants share the workers fairly');
export const tagSchema = word('A word to find the task by');

/** A caller who marks a call as one of the system would hide it from everybody. */
const ownTag = tagSchema.refine(
  (tag) => tag !== SYSTEM_TAG,
  `another tag than ${SYSTEM_TAG}, which marks runs of the system`,
);

/** Options that calls and schedules have in common. */
export const callOptionsShape = {
  priority: prioritySchema.optional(),
  queue: z.string().min(1).max(200).optional().describe('Queue; default that of the task'),
  region: z.string().min(1).max(60).optional().describe('Region whose workers execute it'),
  routing: z.strictObject({ urgent: z.boolean().optional(), transactional: z.boolean().optional() }).optional(),
  ignoreResult: z.boolean().optional(),
  softTimeLimit: seconds.optional().describe('Seconds after which the signal of an attempt is aborted'),
  hardTimeLimit: seconds.optional().describe('Seconds after which an attempt is given up'),
  headers: z.record(z.string().min(1).max(100), jsonSchema).optional(),
  tags: z.array(ownTag).max(10).optional(),
  tenant: tenantSchema.optional(),
  limits: z.array(callLimitSchema).max(MAX_CALL_LIMITS).optional(),
  ...parkedShape,
} as const;

export const callOptionsSchema = z
  .strictObject({
    ...callOptionsShape,
    id: taskIdSchema.optional(),
    idempotencyKey: idempotencyKeySchema.optional(),
    countdown: countdownSchema.optional(),
    eta: moment.optional().describe('Start at this moment'),
    expires: z
      .union([expiresSchema, z.date()], { error: EXPIRES_ERROR })
      .optional()
      .describe('Do not start after so many seconds, or after this time'),
    link: z.unknown().optional().describe('Called with the result'),
    linkError: z.unknown().optional().describe('Called when the task has failed for good'),
  })
  .refine(({ countdown, eta }) => countdown === undefined || eta === undefined, {
    path: ['eta'],
    message: 'no eta beside a countdown',
  })
  .refine(({ id, idempotencyKey }) => id === undefined || idempotencyKey === undefined, {
    path: ['id'],
    message: 'no id beside an idempotency key, which makes one',
  })
  .refine(({ queue, region }) => queue === undefined || region === undefined, {
    path: ['queue'],
    message: 'no queue beside a region, which has its own',
  });

export const streamOptionsSchema = z.strictObject({
  maxWaitMs: z.number().min(0).max(1000).optional().describe('A call waits for others no longer, in milliseconds'),
});

/** Filter of tasks; at least one field is required. */
export const taskFilterSchema = z.strictObject({
  task: z
    .string()
    .regex(/^[\w.]{1,100}$/)
    .optional(),
  tenant: tenantSchema.optional(),
  tag: tagSchema.optional(),
  root: taskIdSchema.optional().describe('The whole tree below this task, itself included'),
});

export type TaskFilter = z.infer<typeof taskFilterSchema>;
