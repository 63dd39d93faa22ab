/** Shapes of what the tasks of dead letters take and give. Workflow code imports only types from here. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { deadLetterFilterSchema } from './schema.ts';
import { MOST_AT_ONCE } from './vocabulary.ts';

const originSchema = z.object({
  of: z.string(),
  workflowId: z.string().optional(),
  keeps: z.boolean(),
  firstRunId: z.string(),
  dueAt: z.string(),
});

export const readStepsInputSchema = z.strictObject({
  runId: z.string().min(1).max(100).describe('The run that failed'),
  workflowId: z.string().min(1).max(1_000).optional().describe('Its id, where its history may be read'),
  piece: z.int().min(0),
});
export const readStepsOutputSchema = z.object({
  steps: z.array(
    z.object({
      key: z.string(),
      value: z.unknown().optional(),
      child: originSchema.optional(),
      args: z.array(z.unknown()).optional(),
    }),
  ),
  more: z.boolean().describe('Whether another piece follows'),
});

const count = z.int().min(0);

export const redriveRunsInputSchema = z.strictObject({
  redrive: z.string().min(1).max(1_000).describe('The redrive, as `workflow id/run id`'),
  filter: deadLetterFilterSchema.describe('Which letters'),
  quarantined: z.boolean().describe('Whether letters in quarantine are redriven too'),
  whole: z.boolean().describe('Whether pipelines run whole'),
  by: z.string().min(1).max(200).describe('Who'),
  reason: z.string().max(1_000).optional().describe('Why'),
  perSecond: z.number().positive().max(1_000).describe('Most runs that are started a second'),
  after: z.string().nullable().describe('Number of the letter after which it begins; null for all'),
  most: z.int().min(1).max(MOST_AT_ONCE).describe('Most runs'),
});
export const redriveRunsOutputSchema = z.object({
  done: count.describe('Runs that were started'),
  taken: count.describe('Runs that somebody else is redriving'),
  failed: z.array(z.object({ workflowId: z.string(), reason: z.string() })),
  left: count.describe('Runs behind these'),
  quarantined: count.describe('Letters that are left out'),
  after: z.string().nullable().describe('Number of the last letter; null when there was none'),
});

/** What dead letters contribute to the schemas. */
export const deadLetterSchemas = {
  tasks: {
    'dlq.readSteps': { input: readStepsInputSchema, output: readStepsOutputSchema },
    'dlq.redriveRuns': { input: redriveRunsInputSchema, output: redriveRunsOutputSchema },
  },
} as const satisfies DomainSchemas;

export type ReadStepsInput = z.infer<typeof readStepsInputSchema>;
export type ReadStepsOutput = z.infer<typeof readStepsOutputSchema>;
export type RedriveRunsInput = z.infer<typeof redriveRunsInputSchema>;
export type RedriveRunsOutput = z.infer<typeof redriveRunsOutputSchema>;
