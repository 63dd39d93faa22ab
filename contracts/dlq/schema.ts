/** Shapes in which API, CLI and client show dead letters. Workflow code never imports it. */
import { z } from 'zod';
import { failureSchema } from '../failures/schema.ts';
import { utcInstantSchema } from '../values/instant.schema.ts';
import { RESOLUTIONS } from './vocabulary.ts';

/** A dead letter as API and CLI show it. */
export const deadLetterSchema = z.object({
  /** Id of the run of a single task, or of the call of a canvas. */
  taskId: z.string(),
  taskName: z.string(),
  /** Positional arguments, redacted. */
  args: z.array(z.unknown()),
  /** Fields of the input, redacted. */
  kwargs: z.record(z.string(), z.unknown()),
  errorType: z.string(),
  errorMessage: z.string(),
  traceback: z.string(),
  retryCount: z.int(),
  failedAt: z.iso.datetime(),
  requeuedAt: z.iso.datetime().nullable(),
  resolved: z.boolean(),
  failureClass: failureSchema.shape.class,
  /** Type of the run that failed: `runTask`, `runCanvas`, or a pipeline. */
  workflow: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  /** Where in the run it failed. */
  stepPath: z.string(),
  queue: z.string().nullable(),
  priority: z.int().nullable(),
  tenant: z.string().nullable(),
  /** Equal for the same failure of the same step in the same version. */
  fingerprint: z.string(),
  version: z.string(),
  quarantined: z.boolean(),
  /** The run that repeats it. */
  redrivenAs: z.string().nullable(),
  resolution: z.enum(RESOLUTIONS).nullable(),
  resolvedBy: z.string().nullable(),
  resolvedAt: z.iso.datetime().nullable(),
  /** Why it was resolved, or why its redrive did not begin. */
  reason: z.string().nullable(),
});

/** Which dead letters are meant; what is not given does not restrict. */
export const deadLetterFilterSchema = z.strictObject({
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{12}$/, 'expected 12 hexadecimal digits')
    .optional(),
  task: z.string().min(1).max(200).optional().describe('Name of the task'),
  workflow: z.string().min(1).max(200).optional().describe('Type of the run that failed'),
  tenant: z.string().min(1).max(200).optional(),
  errorType: z.string().min(1).max(200).optional().describe('Name of a failure'),
  failureClass: failureSchema.shape.class.optional(),
  since: utcInstantSchema.optional().describe('Failed at or after this time'),
  until: utcInstantSchema.optional().describe('Failed before this time'),
});

/** Failures with one cause. */
export const deadCauseSchema = z.object({
  fingerprint: z.string(),
  /** Dead letters that are open. */
  letters: z.int(),
  /** Runs that failed because of it. */
  runs: z.int(),
  taskName: z.string(),
  stepPath: z.string(),
  errorType: z.string(),
  failureClass: failureSchema.shape.class,
  /** Message of the newest one. */
  errorMessage: z.string(),
  version: z.string(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
});

/**
 * A task that failed for good, and what became of it since.
 *
 * @example
 * ```ts
 * import type { DeadLetter } from './client/index.ts';
 *
 * const { taskName, errorMessage, retryCount }: DeadLetter = await perennial.dlq.get('order-17');
 * console.log(`${taskName} failed after ${retryCount} retries: ${errorMessage}`);
 * ```
 */
export type DeadLetter = z.infer<typeof deadLetterSchema>;

/**
 * Which dead letters are meant; an empty filter means all that are open.
 *
 * @example
 * ```ts
 * import type { DeadLetterFilter } from './client/index.ts';
 *
 * const ofMail: DeadLetterFilter = { task: 'email.send', since: '2026-01-31T12:00:00Z' };
 * console.log((await perennial.dlq.list(ofMail)).total);
 * ```
 */
export type DeadLetterFilter = z.infer<typeof deadLetterFilterSchema>;

/**
 * Open dead letters with one cause.
 *
 * @example
 * ```ts
 * import type { DeadCause } from './client/index.ts';
 *
 * const causes: readonly DeadCause[] = await perennial.dlq.causes();
 * for (const { letters, version, errorMessage } of causes) console.log(letters, version, errorMessage);
 * ```
 */
export type DeadCause = z.infer<typeof deadCauseSchema>;
