/** Shapes that only the routes of tasks have. */
import { z } from 'zod';
import { instantSchema } from '../../contracts/values/instant.schema.ts';
import {
  countdownSchema,
  expiresSchema,
  idempotencyKeySchema,
  prioritySchema,
  taskFilterSchema,
  knownIdSchema,
} from '../../contracts/tasks/schema.ts';
import { TASK_STATES } from '../../contracts/tasks/calls.ts';
import { jsonSchema } from '../../contracts/values/json.schema.ts';
import { REGIONS } from '../../contracts/queues/regions.ts';

export const taskParams = z.object({ id: knownIdSchema });

const name = z.string().min(1).max(200);
const argumentsShape = {
  task_name: name.describe('Name of a task that may be started from outside'),
  args: z.array(jsonSchema).max(100).default([]).describe('Positional arguments'),
  kwargs: z.record(z.string(), jsonSchema).default({}).describe('Named arguments'),
};

export const executeBody = z.strictObject({
  ...argumentsShape,
  priority: prioritySchema.optional().describe('1 to 10, 10 first; default 5'),
  queue: name.optional().describe('Name of a queue; default `default`'),
  countdown: countdownSchema.optional(),
  eta: instantSchema
    .optional()
    .describe('Start at this time, ISO 8601 or a typed value of kombu; without an offset it is UTC'),
  expires: expiresSchema.optional(),
  key: idempotencyKeySchema.optional(),
});
export const executedSchema = z.object({
  task_id: z.string(),
  task_name: z.string(),
  priority: prioritySchema,
  queue: z.string(),
});
export const executeRegionalBody = z.strictObject({ ...argumentsShape, region: z.string().min(1).max(60) });
export const executedRegionalSchema = z.object({
  task_id: z.string(),
  region: z.enum(REGIONS).describe('Where it really goes: us-east in place of an unknown region'),
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
  limit: z.coerce.number<string>().int().min(1).max(500).default(100),
});
export const taskListSchema = z.object({
  tasks: z.array(
    z.object({
      task_id: z.string(),
      task_name: z.string().nullable(),
      tenant: z.string().nullable(),
      state: z.enum(TASK_STATES),
      started_at: z.string(),
    }),
  ),
});
