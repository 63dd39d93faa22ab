/** Shapes in which API, CLI and client show dead letters. Workflow code never imports it. */
import { z } from 'zod';
import { failureSchema } from '../failures/schema.ts';
import { utcInstantSchema } from '../values/instant.schema.ts';
import { DEAD_LETTER_EVENTS, RESOLUTIONS } from './vocabulary.ts';

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
  /** The redrive of many that took it, as `workflow id/run id`; null for a redrive of one. */
  redrive: z.string().nullable(),
  resolution: z.enum(RESOLUTIONS).nullable(),
  resolvedBy: z.string().nullable(),
  resolvedAt: z.iso.datetime().nullable(),
  /** Why it was resolved, or why its redrive did not begin. */
  reason: z.string().nullable(),
});

/** Something that was done about a failed run. */
export const deadLetterEventSchema = z.object({
  /** `refused` is a redrive that could not be started. */
  what: z.enum(DEAD_LETTER_EVENTS),
  at: z.iso.datetime(),
  by: z.string(),
  /** Why; of what was refused, why it was. */
  reason: z.string().nullable(),
  /** The run that had failed. */
  from: z.object({ workflowId: z.string(), runId: z.string() }),
  /** The run that repeats it; its run id where it has the same workflow id. */
  to: z.object({ workflowId: z.string(), runId: z.string().nullable() }).nullable(),
  /** The redrive of many, as `workflow id/run id`; null for a redrive of one. */
  redrive: z.string().nullable(),
});

/** A dead letter with all that was done about it. */
export const deadLetterDetailsSchema = deadLetterSchema.extend({
  /** The oldest first: also what was done about earlier failures of the run, and about the runs that it repeats. */
  history: z.array(deadLetterEventSchema),
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

/** What a redrive of many letters is told. */
export const redriveOrderSchema = z.strictObject({
  filter: deadLetterFilterSchema.describe('Which letters'),
  by: z.string().min(1).max(200).describe('Who'),
  reason: z.string().min(1).max(1_000).optional().describe('Why'),
  quarantined: z.boolean().default(false).describe('Whether letters in quarantine are redriven too'),
  whole: z
    .boolean()
    .default(false)
    .describe('Whether pipelines run whole, without the results of the steps that had succeeded'),
  perSecond: z.number().min(0.01).max(1_000).default(10).describe('Most runs that are started a second'),
  limit: z.int().min(1).max(1_000_000).optional().describe('Most runs'),
});

/** What a redrive of many letters would do. */
export const redrivePlanSchema = z.object({
  letters: z.int(),
  runs: z.int(),
  causes: z.int(),
  /** Steps whose results are kept. */
  stepsKept: z.int(),
  /** Steps that run again. */
  stepsAgain: z.int(),
  /** Letters that are left out because they are in quarantine. */
  quarantined: z.int(),
});

/** A redrive of many letters as API and CLI show it. */
export const redriveSchema = z.object({
  id: z.string(),
  /** `aborted` also when it was cancelled or terminated; `failed` when it could not go on. */
  state: z.enum(['running', 'paused', 'finished', 'aborted', 'failed']),
  filter: deadLetterFilterSchema,
  by: z.string(),
  reason: z.string().nullable(),
  perSecond: z.number(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  /** Runs that were started again. */
  done: z.int(),
  /** Runs that are still to be started; null before the first ones. */
  left: z.int().nullable(),
  /** Runs that could not be started; their letters stay open. */
  failed: z.int(),
  /** Runs that somebody else was redriving at the same time. */
  taken: z.int(),
  /** Letters that were left out because they are in quarantine. */
  quarantined: z.int(),
  /** The first fifty runs that could not be started, and why; each letter keeps its reason. */
  reasons: z.array(z.object({ workflowId: z.string(), reason: z.string() })),
  /** Who paused, resumed or aborted it; the last fifty. */
  interventions: z.array(
    z.object({ what: z.enum(['pause', 'resume', 'abort']), by: z.string(), at: z.iso.datetime() }),
  ),
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
 * Something that was done about a failed run: a redrive, one that could not be started, or a closing.
 *
 * @example
 * ```ts
 * import type { DeadLetterEvent } from './client/index.ts';
 *
 * const text = ({ what, at, by, reason }: DeadLetterEvent): string => `${at} ${what} by ${by}: ${reason ?? ''}`;
 * console.log((await perennial.dlq.get('order-17')).history.map(text));
 * ```
 */
export type DeadLetterEvent = z.infer<typeof deadLetterEventSchema>;

/**
 * A dead letter with all that was done about it, the oldest first.
 *
 * @example
 * ```ts
 * import type { DeadLetterDetails } from './client/index.ts';
 *
 * const { history }: DeadLetterDetails = await perennial.dlq.get('order-17');
 * for (const { from, to } of history) console.log(`${from.runId} is repeated by ${to?.workflowId ?? 'nothing'}`);
 * ```
 */
export type DeadLetterDetails = z.infer<typeof deadLetterDetailsSchema>;

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

/** What the workflow of a redrive of many letters is given. */
export type RedriveOrder = z.input<typeof redriveOrderSchema> & { readonly perSecond: number };

/**
 * What a redrive of many letters would do.
 *
 * @example
 * ```ts
 * import type { RedrivePlan } from './client/index.ts';
 *
 * const plan: RedrivePlan = await perennial.dlq.dryRun({ task: 'email.send' });
 * console.log(`${plan.runs} runs, ${plan.causes} causes; ${plan.stepsKept} steps kept, ${plan.stepsAgain} run again`);
 * ```
 */
export type RedrivePlan = z.infer<typeof redrivePlanSchema>;

/**
 * A redrive of many letters, and how far it is.
 *
 * @example
 * ```ts
 * import type { Redrive } from './client/index.ts';
 *
 * const text = ({ id, state, done, left }: Redrive): string => `${id}: ${state}, ${done} done, ${left} left`;
 * console.log((await perennial.dlq.redrives()).items.map(text));
 * ```
 */
export type Redrive = z.infer<typeof redriveSchema>;
