/** Shapes that only the routes of tasks have. */
import { z } from 'zod';
import { instantSchema } from '../../contracts/values/instant.schema.ts';
import type { ExecuteRequest } from '../../client/index.ts';
import {
  callOptionsShape,
  countdownSchema,
  expiresSchema,
  idempotencyKeySchema,
  prioritySchema,
  taskFilterSchema,
  knownIdSchema,
  taskIdSchema,
} from '../../contracts/tasks/schema.ts';
import { TASK_STATES } from '../../contracts/tasks/calls.ts';
import { jsonSchema } from '../../contracts/values/json/schema.ts';
import { REGIONS } from '../../contracts/queues/regions.ts';
import { pageOf, pageShape } from '../http/paging.ts';

export const taskParams = z.object({ id: knownIdSchema });

const name = z.string().min(1).max(200);
const taskName = name.describe('Name of a task that may be started from outside');
const argumentsShape = {
  args: z.array(jsonSchema).max(100).default([]).describe('Positional arguments'),
  kwargs: z.record(z.string(), jsonSchema).default({}).describe('Named arguments'),
};
const timesShape = {
  countdown: countdownSchema.optional(),
  eta: instantSchema
    .optional()
    .describe('Start at this time, ISO 8601 or a typed value of kombu; without an offset it is UTC'),
  expires: expiresSchema.optional(),
};
const queueSchema = name.describe('Name of a queue; default `default`');

/** Signatures are typed only after the client has checked them. */
const linksSchema = z.unknown().transform((links) => links as ExecuteRequest['link']);

export const startTaskBody = z.strictObject({
  task: taskName,
  ...argumentsShape,
  ...callOptionsShape,
  ...timesShape,
  queue: queueSchema.optional(),
  id: taskIdSchema.optional().describe('Id of the task; a second start with it must have the same content'),
  link: linksSchema.optional().describe("One signature or several, as Celery's JSON, called with the result"),
  linkError: linksSchema.optional().describe('As `link`, called after the final failure'),
});
export const startedTaskSchema = z.object({
  id: z.string(),
  task: z.string().describe('The name as it was given'),
  priority: prioritySchema,
  queue: z.string(),
  region: z.enum(REGIONS).nullable().describe('Where it really goes: us-east in place of an unknown region'),
});

export const executeBody = z.strictObject({
  task_name: taskName,
  ...argumentsShape,
  priority: prioritySchema.optional().describe('1 to 10, 10 first; default 5'),
  queue: queueSchema.optional(),
  ...timesShape,
  key: idempotencyKeySchema.optional(),
  on_failure: callOptionsShape.onFailure,
  parked_for: callOptionsShape.parkedFor,
});
export const executedSchema = z.object({
  task_id: z.string(),
  task_name: z.string(),
  priority: prioritySchema,
  queue: z.string(),
});
export const executeRegionalBody = z.strictObject({
  task_name: taskName,
  ...argumentsShape,
  region: z.string().min(1).max(60),
});
export const executedRegionalSchema = z.object({
  task_id: z.string(),
  region: z.enum(REGIONS).nullable().describe('Where it really goes: us-east in place of an unknown region'),
});

/** Longest wait for the end of a task, in seconds. */
const MAX_WAIT_SECONDS = 60;
export const waitQuery = z.object({
  wait: z.coerce
    .number<string>()
    .min(0)
    .max(MAX_WAIT_SECONDS)
    .default(0)
    .describe('Seconds that the answer waits for the end of the task; default 0'),
});

export const taskInfoSchema = z.object({
  task_id: z.string(),
  task_name: z.string().nullable(),
  state: z.enum(TASK_STATES),
  result: z.unknown(),
  traceback: z.string().nullable(),
  info: z.unknown().describe('Of a retry: exc_type, exc_message, retry_count'),
  tenant: z.string().nullable(),
  ready: z.boolean(),
  successful: z.boolean().nullable(),
  failed: z.boolean().nullable(),
});

export const revokeBody = z.strictObject({
  terminate: z.boolean().default(false).describe('Stop a running attempt as well'),
});
export const retryBody = z.strictObject({
  input: jsonSchema.optional().describe('Another input, for tasks that may be started from outside; default the same'),
});
export const retriedSchema = z.object({ task_id: z.string(), retry_of: z.string() });
export const revokedSchema = z.object({ status: z.literal('revoked'), task_id: z.string(), terminated: z.boolean() });
export const revokeManyBody = taskFilterSchema.extend({ terminate: z.boolean().default(false) });
export const revokedManySchema = z.object({
  status: z.literal('revoked'),
  matched: z.int(),
  terminated: z.boolean(),
});
export const tasksQuery = taskFilterSchema.extend({
  ...pageShape(),
  system: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Also runs that keep Perennial in order; a filter by task or tag finds them in any case'),
});
export const taskListSchema = pageOf(
  z.object({
    task_id: z.string(),
    task_name: z.string().nullable(),
    tenant: z.string().nullable(),
    state: z.enum(TASK_STATES),
    started_at: z.string(),
  }),
);
