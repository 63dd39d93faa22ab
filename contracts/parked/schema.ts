/** Shapes around failed steps that wait for a person. */
import { z } from 'zod';
import { LONGEST_PARKED_SECONDS, ON_FAILURE, PARKED_ACTIONS } from './vocabulary.ts';

/** Options of a start. */
export const parkedShape = {
  onFailure: z
    .enum(ON_FAILURE)
    .optional()
    .describe('park: what has failed for good waits for a person; default: it fails'),
  parkedFor: z
    .number()
    .positive()
    .max(LONGEST_PARKED_SECONDS)
    .optional()
    .describe('How long it waits then, in seconds; default 7 days'),
} as const;

export const parkedPathSchema = z
  .string()
  .min(1)
  .max(10_000)
  .describe('All steps that wait at and below this path; absent: the only one');

/** Who decides about what. */
export const parkedDeciderSchema = z.strictObject({
  path: parkedPathSchema.optional(),
  by: z.string().trim().min(1).max(200).optional().describe('Who decides'),
  reason: z.string().min(1).max(1_000).optional().describe('Why'),
});

/** Why a call failed, as views of runs show it. */
export const callFailureSchema = z.object({ type: z.string(), message: z.string() });

export const parkedStepSchema = z.object({
  path: z.string(),
  task: z.string(),
  failure: callFailureSchema,
  since: z.iso.datetime(),
  until: z.iso.datetime().describe('When it fails as it would have failed at once'),
});

const actionSchema = z.enum(PARKED_ACTIONS);

export const parkedDecisionSchema = z.object({
  path: z.string(),
  action: actionSchema,
  by: z.string(),
  reason: z.string().nullable(),
  at: z.iso.datetime(),
  steps: z.int(),
});

export const parkedRunSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  tenant: z.string().nullable(),
  steps: z.array(parkedStepSchema),
  waiting: z.int(),
  decisions: z.array(parkedDecisionSchema),
});

export const parkedDecidedSchema = z.object({
  id: z.string(),
  action: actionSchema,
  paths: z.array(z.string()),
});

export const parkedListSchema = z.strictObject({
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(4_096).optional(),
});
