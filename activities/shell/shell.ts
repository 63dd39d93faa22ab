/**
 * The one shell around every activity: checks the input, keeps the heartbeat
 * going, enforces the soft time limit, logs, and turns errors into failures of
 * the registry with the delay that the task's retry rule asks for.
 */
import { ApplicationFailure, CancelledFailure, CompleteAsyncError, Context } from '@temporalio/activity';
import type { z } from 'zod';
import type { AttemptFacts } from '../../contracts/tasks/calls.ts';
import { failures, PerennialError, type FailureType } from '../../contracts/failures.ts';
import { retryDelayMs, type TaskDefinition, type TimeLimits } from '../../contracts/tasks/definition.ts';
import { type Asked, type Asking, askingOf } from './task-effects.ts';
import { givenAttempt, type InlineAttempt, type ServerAttempt } from './attempt.ts';
import { LateSignal } from './late-signal.ts';
import type { TaskIdentity, AttemptLog } from './attempt-log.ts';

/** What a task is given beside its input. */
export interface TaskContext extends Asking {
  /** Aborted on cancellation, worker shutdown and the soft time limit. */
  readonly signal: AbortSignal;
  /** From 1. */
  readonly attempt: number;
  /** Identity of the run that called the task; part of business keys. */
  readonly workflowId: string;
  /** The queue whose worker runs it, with its region where there is one; `inline` without a server. */
  readonly queue: string;
  /** On whose behalf; absent when the call did not say. */
  readonly tenant?: string | undefined;
  /** What the caller sent along beside the input. */
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** Details of the last heartbeat of the attempt before, if it left any. */
  readonly lastHeartbeat: unknown;
  /** Replaces the details that the running heartbeat carries. */
  heartbeat(details: unknown): void;
}

/** The body of a task. */
export type TaskBody<In, Out> = (input: In, context: TaskContext) => Promise<Out>;

/** What all shells of one worker share. */
export interface ShellOptions {
  readonly log: (task: TaskIdentity) => AttemptLog;
  /** Multiplies every retry delay. @defaultValue 1 */
  readonly retryDelayScale?: number;
}

/** The schemas a task's input and output must meet. */
export interface TaskSchemas<In, Out> {
  readonly input: z.ZodType<In>;
  readonly output: z.ZodType<Out>;
}

/** Wraps the body of a task into the function that a worker registers under the task's name. */
export function shell<In, Out>(
  definition: TaskDefinition<string, In, Out>,
  schemas: TaskSchemas<In, Out>,
  body: TaskBody<In, Out>,
  options: ShellOptions,
): (input: unknown, facts?: AttemptFacts) => Promise<Out> {
  const asking = askingOf(definition);
  const nextDelay: NextDelay = (attempt, retryAfterMs) =>
    Math.max(1, Math.round((retryAfterMs ?? retryDelayMs(definition.retry, attempt)) * (options.retryDelayScale ?? 1)));

  return async (raw, facts = {}) => {
    const attempt = givenAttempt() ?? activityAttempt(Context.current(), facts);
    const log = (attempt.log ?? options.log)(identity(attempt, definition.name));
    log.started(raw);
    const asked = asking();
    const running = startRun(attempt, definition.limits, facts, asked);
    try {
      const input = check(schemas.input, raw, 'InvalidInput', definition.name);
      const output = await asked.outputOf(async () =>
        check(schemas.output, await body(input, running.task), 'InvalidOutput', definition.name),
      );
      log.succeeded(output);
      return output;
    } catch (error) {
      if (attempt.inline) {
        log.failed(error, false);
        throw error;
      }
      const thrown = toFailure(error, running.task, nextDelay);
      if (thrown instanceof CancelledFailure) log.revoked(thrown.message);
      else log.failed(thrown, !isFinal(thrown, attempt.attempt, definition.retry.attempts));
      throw thrown;
    } finally {
      running.end();
    }
  };
}

function isFinal(error: Error, attempt: number, attempts: number): boolean {
  return attempt >= attempts || (error instanceof ApplicationFailure && error.nonRetryable === true);
}

/** One attempt, wherever it runs. */
type Attempt = InlineAttempt | ServerAttempt;

function activityAttempt(context: Context, { runId, attemptsBefore = 0 }: AttemptFacts): ServerAttempt {
  const { info } = context;
  return {
    inline: false,
    attempt: info.attempt + attemptsBefore,
    activityId: info.activityId,
    workflowId: runId ?? info.workflowExecution?.workflowId,
    queue: info.taskQueue,
    lastHeartbeat: info.heartbeatDetails,
    signal: context.cancellationSignal,
    heartbeat: (details) => {
      context.heartbeat(details);
    },
  };
}

function identity({ activityId, attempt, workflowId }: Attempt, taskName: string): TaskIdentity {
  return {
    taskName,
    taskId: `${workflowId ?? 'none'}/${activityId}`,
    attempt,
    ...(workflowId === undefined ? {} : { workflowId }),
  };
}

/** The reason of an abort that comes from the soft time limit. */
class SoftTimeLimit extends Error {}

function startRun(
  attempt: Attempt,
  limits: TimeLimits,
  facts: AttemptFacts,
  { replaceWith, send }: Asked,
): { task: TaskContext; end: () => void } {
  const softMs = facts.softMs ?? limits.softMs;
  const stop = new LateSignal(attempt);
  let details: unknown = attempt.lastHeartbeat;
  const limit = setTimeout(() => {
    stop.abort(new SoftTimeLimit(`the soft time limit of ${String(softMs)} ms has passed`));
  }, softMs);
  // Three beats for each time-out: one lost beat must not make a living worker look dead.
  const beat = setInterval(() => {
    attempt.heartbeat(details);
  }, limits.heartbeatMs / 3);
  // Costs the server a write for every task, so only where there is something to carry over.
  if (details !== undefined) attempt.heartbeat(details);
  const task: TaskContext = {
    get signal() {
      return stop.signal;
    },
    attempt: attempt.attempt,
    workflowId: attempt.workflowId ?? attempt.activityId,
    queue: attempt.queue,
    tenant: facts.tenant,
    headers: facts.headers,
    lastHeartbeat: attempt.lastHeartbeat,
    heartbeat: (next) => {
      details = next;
      attempt.heartbeat(details);
    },
    replaceWith,
    send,
  };
  return {
    task,
    end: () => {
      clearTimeout(limit);
      clearInterval(beat);
    },
  };
}

function check<T>(schema: z.ZodType<T>, value: unknown, type: 'InvalidInput' | 'InvalidOutput', task: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || '(whole)'}: ${issue.message}`);
  throw new PerennialError(type, `${task}: ${faults.slice(0, 10).join('; ')}`);
}

/** The delay before the next attempt in milliseconds, given the attempt that failed and what the other side asked for. */
type NextDelay = (attempt: number, retryAfterMs?: number) => number;

/** What the SDK is to be told about an error of a task. */
function toFailure(error: unknown, task: TaskContext, nextDelay: NextDelay): Error {
  if (error instanceof CompleteAsyncError || error instanceof ApplicationFailure) return error;
  const reason: unknown = task.signal.reason;
  if (reason instanceof SoftTimeLimit) return failure('TimeLimit', reason.message, error, nextDelay(task.attempt));
  // Whatever a body throws once it was cancelled is the cancellation, in its own words.
  if (task.signal.aborted) return reason instanceof CancelledFailure ? reason : new CancelledFailure('cancelled');
  if (error instanceof PerennialError) {
    return failure(error.type, error.message, error.cause, nextDelay(task.attempt, error.retryAfterMs));
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return failure('Unexpected', message, error, nextDelay(task.attempt));
}

function failure(type: FailureType, message: string, cause: unknown, nextDelayMs: number): ApplicationFailure {
  const kind = failures[type].class;
  const retried = kind === 'transient' || kind === 'throttled';
  return ApplicationFailure.create({
    type,
    message,
    ...(retried ? { nextRetryDelay: nextDelayMs } : { nonRetryable: true }),
    ...(cause instanceof Error ? { cause: withoutMessage(cause) } : {}),
  });
}

/** Keeps the stack of a cause for the history, but no message: vendors put contents and addresses into theirs. */
function withoutMessage(cause: Error): Error {
  const kept = new Error(cause.name);
  kept.name = cause.name;
  kept.stack =
    cause.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .join('\n') ?? '';
  return kept;
}
