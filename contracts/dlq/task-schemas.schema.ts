/** Shapes of what the tasks of dead letters take and give. Workflow code imports only types from here. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';

const originSchema = z.object({ of: z.string(), keeps: z.boolean(), firstRunId: z.string(), dueAt: z.string() });

export const readStepsInputSchema = z.strictObject({
  runId: z.string().min(1).max(100).describe('The run that failed'),
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

/** What dead letters contribute to the schemas. */
export const deadLetterSchemas = {
  tasks: { 'dlq.readSteps': { input: readStepsInputSchema, output: readStepsOutputSchema } },
} as const satisfies DomainSchemas;

export type ReadStepsInput = z.infer<typeof readStepsInputSchema>;
export type ReadStepsOutput = z.infer<typeof readStepsOutputSchema>;
