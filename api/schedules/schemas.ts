/** Shapes that only the routes of schedules have. */
import { z } from 'zod';
import {
  recurrenceSchema,
  scheduleDefinitionSchema,
  scheduleIdSchema,
  scheduleRunSchema,
  scheduleZoneSchema,
} from '../../contracts/schedules/schema.ts';
import { pageOf, pageShape } from '../http/paging.ts';
import { instantSchema } from '../../contracts/values/instant.schema.ts';
import { OVERLAPS, RUN_STATES } from '../../contracts/schedules/vocabulary.ts';

export const scheduleParams = z.object({ id: scheduleIdSchema });
const count = z.coerce.number<string>().int();
const time = instantSchema.meta({ format: 'date-time' });

export const scheduleSchema = z.object({
  id: z.string(),
  origin: z.enum(['code', 'dynamic', 'foreign']),
  definition: scheduleDefinitionSchema.nullable(),
  paused: z.boolean(),
  remaining: z.int().nullable().describe('Starts that a one-off schedule has left, 0 when it is finished'),
  note: z.string().nullable(),
  next: z.array(z.string()).describe('Coming starts, at most ten'),
  recent: z.array(z.object({ dueAt: z.string(), startedAt: z.string(), workflowId: z.string() })),
  running: z.array(z.string()),
  counts: z.object({
    started: z.int(),
    missedCatchup: z.int(),
    skippedOverlap: z.int(),
    droppedFromBuffer: z.int(),
    waiting: z.int(),
  }),
  createdAt: z.string(),
  updatedAt: z.string().nullable(),
});
export const timesSchema = z.object({
  times: z.array(
    z.object({ kind: z.enum(['run', 'gap']), at: z.string(), local: z.string(), note: z.string().optional() }),
  ),
});
export const syncSchema = z.object({
  dryRun: z.boolean(),
  changes: z.array(
    z.object({
      id: z.string(),
      action: z.enum(['create', 'update', 'delete', 'conflict']),
      differences: z.array(z.object({ field: z.string(), from: z.string(), to: z.string() })),
      reason: z.string().optional(),
    }),
  ),
  unchanged: z.int(),
  others: z.int(),
});
export const noteBody = z.strictObject({ note: z.string().min(1).max(500).describe('Why; the next person reads it') });
export const nextQuery = z.strictObject({
  count: count.min(1).max(1000).default(10),
  after: time.optional(),
  showIn: scheduleZoneSchema.optional().describe('Zone in which times are shown'),
});
export const runsQuery = z.strictObject({
  schedule: scheduleIdSchema.optional(),
  state: z.enum(RUN_STATES).optional(),
  ...pageShape({ usual: 50 }),
});

export const scheduleListSchema = pageOf(scheduleSchema);
export const schedulesQuery = z.strictObject(pageShape());
export const runListSchema = pageOf(scheduleRunSchema);
export const syncBody = z.strictObject({ dryRun: z.boolean().default(false) });
export const previewBody = z.strictObject({
  ...recurrenceSchema.shape,
  timeZone: scheduleZoneSchema.default('UTC'),
  ...nextQuery.shape,
  count: z.int().min(1).max(1000).default(10),
});
export const backfillBody = z.strictObject({
  from: time,
  to: time,
  overlap: z.enum(OVERLAPS).optional().describe('Default: one after the other'),
  dryRun: z.boolean().default(false),
});
export const backfillSchema = z.object({ dryRun: z.boolean(), times: z.array(z.string()) });
