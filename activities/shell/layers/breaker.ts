/**
 * Asks the breaker of a task's provider before an attempt and tells it the outcome. It is the outermost layer: a call that
 * must wait has not begun, so neither the log of the task nor a hook learns of an attempt.
 */
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { msOptionalToNumber } from '@temporalio/common/lib/time.js';
import {
  type BreakerRule,
  MAX_BREAKER_KEY,
  OPEN_FOR_MS,
  OPENS_AFTER,
  PARKED,
  type ParkedCall,
} from '../../../contracts/breakers/vocabulary.ts';
import { failures, isFailureType, PerennialError } from '../../../contracts/failures.ts';
import { unmarked } from '../../../contracts/values/sealed.ts';
import type { BreakerAnswer, BreakerStore } from '../../../services/breakers/port.ts';
import type { AttemptLog, TaskIdentity } from '../attempt-log.ts';
import type { Call, Layer } from '../layer.ts';
import { type BoundedStore, boundedStore } from './bounded-store.ts';
import { identity } from './log.ts';

/** The breakers of a worker. */
export interface BreakerOptions {
  readonly store: BreakerStore;
  /** Keys in place of names whose provider the configuration says, such as `smtp`. @defaultValue none */
  readonly names?: Readonly<Record<string, string>>;
}

/** What the layer is told of the shell's options. */
export interface BreakerLayerOptions {
  readonly breakers?: BreakerOptions | undefined;
  readonly log: (task: TaskIdentity) => AttemptLog;
  /** Multiplies the time for which a breaker is open. @defaultValue 1 */
  readonly retryDelayScale?: number | undefined;
}

/** How often a probe says that it is alive, in milliseconds: three times in its lease. */
const RENEW_MS = 5_000;

/** Failures of the product's own database and stores, which say nothing about a provider. */
const OWN: ReadonlySet<string> = new Set(['DatabaseUnavailable', 'StorageUnavailable', 'StorageFull']);

/** Creates the layer. Without breakers every call passes. */
export function breaker({ breakers: options, log: logOf, retryDelayScale = 1 }: BreakerLayerOptions): Layer {
  if (options === undefined) return (call, next) => next(call);
  const store = boundedStore(options.store);
  return async (call, next) => {
    const { breaker: row } = call.task;
    const key = row === undefined ? undefined : keyOf(row, call, options.names ?? {});
    if (row === undefined || key === undefined) return next(call);
    const rule = { ...row, forMs: Math.max(1, (row.forMs ?? OPEN_FOR_MS) * retryDelayScale) };
    const log = (call.attempt.log ?? logOf)(identity(call.attempt, call.task.name)).body;
    const guarded = new GuardedCall(store, {
      key,
      rule,
      call,
      warn: (message) => log.warn(message, { provider: key }),
    });
    const answer = await guarded.ask();
    if (answer.kind === 'wait') {
      log.info('the call waits for its provider', { provider: key, waitMs: answer.waitMs, reason: answer.reason });
      throw parked(key, answer, call);
    }
    return guarded.run(answer, () => next(call));
  };
}

/** The key of the call's provider; `undefined` for an input that has none. */
function keyOf({ key }: BreakerRule, { input }: Call, names: Readonly<Record<string, string>>): string | undefined {
  const name = typeof key === 'string' ? key : keyOfInput(key, unmarked(input));
  if (name === undefined || name === '') return undefined;
  return (names[name] ?? name).slice(0, MAX_BREAKER_KEY);
}

/** The input is not checked yet, so the function may throw on it; the check says what is wrong. */
function keyOfInput(of: (input: unknown) => string | undefined, input: unknown): string | undefined {
  try {
    const key: unknown = of(input);
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}

interface Guarded {
  readonly key: string;
  readonly rule: BreakerRule & { readonly forMs: number };
  readonly call: Call;
  readonly warn: (message: string) => void;
}

/** One attempt under the breaker of its provider. */
class GuardedCall {
  private readonly store: BoundedStore;
  private readonly given: Guarded;

  constructor(store: BoundedStore, given: Guarded) {
    this.store = store;
    this.given = given;
  }

  /** A store that does not answer lets the call pass: a provider that may be away is better than work that surely stops. */
  ask(): Promise<BreakerAnswer> {
    const { key, rule, call, warn } = this.given;
    const { taskId, workflowId = taskId } = call.attempt;
    const question = { key, holder: taskId, workflowId, parked: call.facts.parked, forMs: rule.forMs };
    return this.store.ask(question, (why) => warn(`the breaker was not asked (${why}), so the call is made`));
  }

  async run(answer: Exclude<BreakerAnswer, { kind: 'wait' }>, work: () => Promise<unknown>): Promise<unknown> {
    const probe = answer.kind === 'probe' ? answer.probe : undefined;
    const renewal = probe === undefined ? undefined : this.keepProbe(probe);
    try {
      const output = await work();
      await this.store.tell((store) => store.succeeded(this.given.key, probe), this.notTold);
      return output;
    } catch (error) {
      await this.failed(error, probe);
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  private async failed(error: unknown, probe: string | undefined): Promise<void> {
    const { key, rule, call } = this.given;
    const { opensAfter = OPENS_AFTER, forMs } = rule;
    const type = failureTypeOf(error, call);
    if (type !== undefined && countsAgainst(rule, type)) {
      const failure = { key, type, opensAfter, forMs, throttledMs: throttledMs(error, type), probe };
      await this.store.tell((store) => store.failed(failure), this.notTold);
    } else if (probe !== undefined) await this.store.tell((store) => store.undecided(key, probe), this.notTold);
  }

  private readonly notTold = (why: string): void => {
    this.given.warn(`the breaker was not told how the call ended (${why})`);
  };

  /** Says that the probe is alive, at most for as long as an attempt may take. */
  private keepProbe(probe: string): NodeJS.Timeout {
    const { key, call } = this.given;
    let left = Math.ceil(call.task.limits.hardMs / RENEW_MS);
    const timer = setInterval(() => {
      if ((left -= 1) < 0) clearInterval(timer);
      else void this.store.tell((store) => store.renew(key, probe), this.notTold);
    }, RENEW_MS);
    return timer;
  }
}

function parked(key: string, { waitMs, reason }: BreakerAnswer & { kind: 'wait' }, { attempt, task }: Call): Error {
  const message =
    `${task.name}: the provider ${key} takes no calls for another ${waitMs} ms (${reason}), so the call was not made. ` +
    '`perennial breakers list` shows its state.';
  if (attempt.inline) return new PerennialError(PARKED, message);
  const { attempt: number, lastHeartbeat } = attempt;
  const details: ParkedCall = {
    key,
    waitMs,
    attemptsBefore: number - 1,
    ...(lastHeartbeat === undefined ? {} : { lastHeartbeat }),
  };
  return ApplicationFailure.create({
    type: PARKED,
    message,
    nonRetryable: true,
    category: 'BENIGN',
    details: [details],
  });
}

/** The type of a failure of the call itself; `undefined` for a cancellation, which says nothing about the provider. */
function failureTypeOf(error: unknown, { stop }: Call): string | undefined {
  if (error instanceof CancelledFailure) return isTimeOut(error, stop.signal.reason) ? 'TimeLimit' : undefined;
  if (error instanceof ApplicationFailure) return error.type ?? 'Unexpected';
  return error instanceof PerennialError ? error.type : 'Unexpected';
}

/** The server ends an attempt at its hard limit, a pack ends a call by an error of its own. */
function isTimeOut(error: CancelledFailure, reason: unknown): boolean {
  return error.message === 'TIMED_OUT' || (reason instanceof Error && !(reason instanceof CancelledFailure));
}

function countsAgainst({ counts }: BreakerRule, type: string): boolean {
  if (counts !== undefined) return counts.includes(type);
  if (OWN.has(type) || !isFailureType(type)) return false;
  const { class: kind } = failures[type];
  return kind === 'transient' || kind === 'throttled';
}

/** How long a throttled failure makes everyone wait. */
function throttledMs(error: unknown, type: string): number | undefined {
  if (!isFailureType(type) || failures[type].class !== 'throttled') return undefined;
  if (error instanceof PerennialError) return error.retryAfterMs;
  return error instanceof ApplicationFailure ? msOptionalToNumber(error.nextRetryDelay ?? undefined) : undefined;
}
