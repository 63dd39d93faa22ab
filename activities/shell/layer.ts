/**
 * The interface of the layers around the body of a task. A layer receives a call and `next`, which runs the inner
 * layers and the body; it may act before and after, change the call, or throw instead of returning the result of
 * `next`.
 */
import type { TaskCache } from '../../contracts/cache/definition.ts';
import type { FailureType } from '../../contracts/failures.ts';
import type { AttemptFacts } from '../../contracts/tasks/calls.ts';
import type { TaskDefinition } from '../../contracts/tasks/definition.ts';
import type { Activity } from './activity.ts';
import { type Attempt, currentAttempt } from './attempt.ts';
import type { BodyLog } from './attempt-log.ts';
import { LateSignal } from './late-signal.ts';
import type { Once, TaskBody, TaskContext, TaskEffects } from './task-body.ts';

/** The fields of a task's row that layers read. */
export type TaskRow = Omit<TaskDefinition<string, unknown, unknown>, 'types' | 'route'>;

/** One attempt at a task on its way through the layers. */
export interface Call {
  readonly task: TaskRow;
  readonly attempt: Attempt;
  /** Facts that the caller passed besides the input. */
  readonly facts: AttemptFacts;
  readonly input: unknown;
  /** Holds the signal that the body sees. A layer that aborts it with a {@link StopReason} determines the failure. */
  readonly stop: LateSignal;
  /** Implements `progress` of the body's context. */
  readonly heartbeat: (details: unknown) => void;
  /** Lines of the body. */
  readonly log: BodyLog;
  /** Effects that the body may ask its run for. */
  readonly effects: TaskEffects;
  /** Has effects once for each key. */
  readonly once: Once;
  /** Keeps values for a while. */
  readonly cache: () => TaskCache;
}

/** Runs the inner layers and the body; returns the output of the task. */
export type Next = (call: Call) => Promise<unknown>;

/**
 * A policy that holds for every attempt at a task.
 *
 * @example
 * ```ts
 * const timed: Layer = async (call, next) => {
 *   const startedAt = performance.now();
 *   try {
 *     return await next(call);
 *   } finally {
 *     note(call.task.name, performance.now() - startedAt);
 *   }
 * };
 * ```
 */
export type Layer = (call: Call, next: Next) => Promise<unknown>;

/** Why a layer ended an attempt early. The attempt fails with this type, whatever its body throws then. */
export class StopReason extends Error {
  readonly type: FailureType;

  constructor(type: FailureType, message: string) {
    super(message);
    this.type = type;
  }
}

/**
 * Builds the function that a worker registers for a task: its body inside layers.
 * @param layers - the outermost first
 */
export function layered<In, Out>(
  task: TaskDefinition<string, In, Out>,
  layers: readonly Layer[],
  body: TaskBody<In, Out>,
): Activity<Out> {
  // `as` is safe: the schemas that have checked input and output belong to this task.
  const innermost: Next = (call) => body(call.input as In, contextOf(call));
  const run = layers.reduceRight<Next>((next, layer) => (call) => layer(call, next), innermost);
  return async (input, facts = {}) => {
    const attempt = currentAttempt(facts);
    const stop = new LateSignal(attempt);
    return (await run({
      task,
      attempt,
      facts,
      input,
      stop,
      heartbeat: attempt.heartbeat,
      log: SILENT,
      effects: NONE,
      once: noLedger,
      cache: noCache,
    })) as Out;
  };
}

function unavailable(): never {
  throw new TypeError('expected a layer that carries effects of tasks, got none');
}

function noLedger(): never {
  throw new TypeError('once: expected a ledger of effects, got none: pass `once` to the shell');
}

function noCache(): never {
  throw new TypeError('cache: expected a store of entries, got none: pass `cache` to the shell');
}

const nothing = (): void => undefined;

/** Until the layer of the log is reached. */
const SILENT: BodyLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const NONE: TaskEffects = { replaceWith: unavailable, send: unavailable };

function contextOf({ attempt, facts, stop, heartbeat, effects, once, cache, log }: Call): TaskContext {
  return {
    // The signal is created on first access, because most tasks never read it.
    get signal() {
      return stop.signal;
    },
    attempt: attempt.attempt,
    workflowId: attempt.workflowId ?? attempt.taskId,
    taskId: attempt.taskId,
    queue: attempt.queue,
    tenant: facts.tenant,
    headers: facts.headers,
    lastHeartbeat: attempt.lastHeartbeat,
    idempotencyKey: attempt.taskId,
    once,
    // As the signal, most tasks never read it.
    get cache() {
      return cache();
    },
    log,
    progress: heartbeat,
    replaceWith: effects.replaceWith,
    send: effects.send,
  };
}
