/** The shell around every task: the same layers for activities, for calls in packs and for runs without a server. */
import type { TaskDefinition, TaskSchemas } from '../../contracts/tasks/definition.ts';
import type { Activity } from './activity.ts';
import type { KeptAnswers } from '../../services/answers/port.ts';
import type { CacheStore } from '../../services/cache/port.ts';
import type { AttemptLog, TaskIdentity } from './attempt-log.ts';
import { type Layer, layered } from './layer.ts';
import { breaker, type BreakerOptions } from './layers/breaker.ts';
import { cache } from './layers/cache.ts';
import { classification } from './layers/classification.ts';
import { heartbeat } from './layers/heartbeat.ts';
import { hooks } from './layers/hooks.ts';
import { log } from './layers/log.ts';
import { metrics } from './layers/metrics.ts';
import { once } from './layers/once.ts';
import { schemaChecks } from './layers/schemas.ts';
import { sealedOutput } from './layers/sealed-output.ts';
import { sealed } from './layers/sealed.ts';
import { softLimit } from './layers/soft-limit.ts';
import { taskEffects } from './layers/task-effects.ts';
import type { TaskHooks } from './task-hooks.ts';
import type { TaskMetrics } from './task-metrics.ts';
import type { TaskBody } from './task-body.ts';

/** Settings that all tasks of a worker share. */
export interface ShellOptions {
  readonly log: (task: TaskIdentity) => AttemptLog;
  /**
   * Multiplies every retry delay.
   * @defaultValue 1
   */
  readonly retryDelayScale?: number;
  /** Hooks of the application. @defaultValue none */
  readonly hooks?: readonly TaskHooks[];
  /** Counts attempts. @defaultValue nothing is counted */
  readonly metrics?: TaskMetrics;
  /** Breakers of providers. @defaultValue none, so that every call passes */
  readonly breakers?: BreakerOptions;
  /** Ledger of the effects that bodies have once. @defaultValue none, so that a body that asks for one fails */
  readonly once?: KeptAnswers;
  /** Store of what bodies keep for a while. @defaultValue none, so that a body that asks for it fails */
  readonly cache?: CacheStore;
}

/** Wraps the body of a task into the function that a worker registers under the task's name. */
export function shell<In, Out>(
  task: TaskDefinition<string, In, Out>,
  schemas: TaskSchemas<In, Out>,
  body: TaskBody<In, Out>,
  options: ShellOptions,
): Activity<Out> {
  return layered(task, layersOf(schemas, options), body);
}

/**
 * Returns the layers around every task, the outermost first. Another policy for all tasks is a file in `layers/` and a
 * line here.
 */
export function layersOf<In, Out>(schemas: TaskSchemas<In, Out>, options: ShellOptions): readonly Layer[] {
  return [
    breaker(options),
    sealedOutput,
    metrics(options.metrics),
    log(options.log),
    hooks(options.hooks ?? []),
    classification(options.retryDelayScale),
    heartbeat,
    softLimit,
    taskEffects,
    once(options.once),
    cache(options.cache),
    sealed,
    schemaChecks(schemas),
  ];
}
