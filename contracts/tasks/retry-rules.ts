/** How often a task is tried, and after which delay: by the rule of its row, and by what the attempt failed with. */
import { type FailureClass, isRetriedClass } from '../failures/rule.ts';
import { DAY_MS } from '../values/units.ts';

/** Delays between attempts. */
export interface RetryDelays {
  /** Delay before the first retry, in milliseconds. */
  readonly delayMs: number;
  /** Factor between one delay and the next. @defaultValue 1 */
  readonly factor?: number;
  /** Longest delay, in milliseconds. @defaultValue the first delay */
  readonly maxDelayMs?: number;
  /**
   * Random spread, so that calls that failed together do not come back together: 0.25 spreads each delay evenly over 75 % to
   * 125 % of it; `full` over 0 % to 100 %, as Celery's `retry_jitter` does. It applies after `maxDelayMs`.
   * @defaultValue none
   */
  readonly jitter?: number | 'full';
}

/** Attempts and delays after single failures. */
export interface FailureRetry extends Partial<RetryDelays> {
  /** The failures, each a type of the registry (`BackendThrottled`) or a class (`throttled`). */
  readonly on: readonly string[];
  /** Attempts in all, whatever the others failed with, after which such a failure is final. @defaultValue those of the rule */
  readonly attempts?: number;
  /** Type of the failure that the task ends with when these attempts are used up. @defaultValue the type of the last failure */
  readonly finalType?: string;
}

/** How often and after which delay a failed attempt is retried. */
export interface RetryRule extends RetryDelays {
  /** Number of attempts, including the first. */
  readonly attempts: number;
  /**
   * The failures that are retried, as Celery's `autoretry_for`: types of the registry or classes.
   * @defaultValue the classes `transient`, `throttled` and `unknown`
   */
  readonly retryOn?: readonly string[];
  /** Failures that are never retried, as Celery's `dont_autoretry_for`; it wins over `retryOn`. @defaultValue none */
  readonly neverOn?: readonly string[];
  /** Attempts and delays after single failures; the first that fits counts. @defaultValue none */
  readonly byFailure?: readonly FailureRetry[];
  /** Type of the failure that the task ends with when its attempts are used up. @defaultValue the type of the last failure */
  readonly finalType?: string;
  /** Reason for these values; printed in `docs/tasks.md`. */
  readonly reason: string;
}

/** What an attempt failed with. */
export interface FailedAttempt {
  readonly type: string;
  readonly class: FailureClass;
  /** Delay that the other side asked for, in milliseconds; it goes before the delays of the rule. */
  readonly retryAfterMs?: number | undefined;
}

/** What follows a failed attempt. */
export type RetryDecision =
  | { readonly again: true; readonly delayMs: number }
  /** `finalType` is what the failure turns into; `undefined` when it stays what it is. */
  | { readonly again: false; readonly finalType: string | undefined };

/** Longest delay that the other side can ask for, in milliseconds: whatever asks for more is asked again after a day. */
export const LONGEST_ASKED_MS = DAY_MS;

/**
 * Decides what follows a failed attempt. The answer after the last attempt of the rule is still a delay, because calls may
 * have fewer attempts and the server counts them; with a `finalType` it is final.
 *
 * @param attempt - the attempt that has just failed, from 1
 * @param random - spreads the delays; evenly distributed, at least 0 and less than 1
 */
export function decideRetry(rule: RetryRule, failed: FailedAttempt, attempt: number, random: number): RetryDecision {
  if (!isRetried(rule, failed)) return { again: false, finalType: undefined };
  const { delays, attempts, finalType } = rulesFor(rule, failed);
  const isLast = attempt >= attempts;
  if (isLast && (attempts < rule.attempts || finalType !== undefined)) return { again: false, finalType };
  return { again: true, delayMs: askedDelayMs(failed.retryAfterMs) ?? retryDelayMs(delays, attempt, random) };
}

interface RulesForFailure {
  readonly delays: RetryDelays;
  readonly attempts: number;
  readonly finalType: string | undefined;
}

function rulesFor(rule: RetryRule, failed: FailedAttempt): RulesForFailure {
  const special = rule.byFailure?.find(({ on }) => names(on, failed));
  const { attempts = rule.attempts, finalType = rule.finalType, delayMs, ...delays } = special ?? {};
  return { attempts, finalType, delays: delayMs === undefined ? rule : { ...delays, delayMs } };
}

function isRetried({ retryOn, neverOn = [] }: RetryRule, failed: FailedAttempt): boolean {
  if (names(neverOn, failed)) return false;
  return retryOn === undefined ? isRetriedClass(failed.class) : names(retryOn, failed);
}

function names(kinds: readonly string[], failed: FailedAttempt): boolean {
  return kinds.includes(failed.type) || kinds.includes(failed.class);
}

/** A delay that is no number, or negative, was not asked for. */
function askedDelayMs(asked: number | undefined): number | undefined {
  if (asked === undefined || !(asked >= 0)) return undefined;
  return Math.max(1, Math.min(asked, LONGEST_ASKED_MS));
}

/** The middle of every spread. */
const NO_CHANCE = 0.5;

/**
 * Returns the delay before the retry that follows an attempt, in milliseconds. It is never 0, because the server ends an
 * activity whose next delay is 0.
 *
 * @param attempt - the attempt that has just failed, from 1
 * @param random - spreads the delay; at least 0 and less than 1
 * @defaultValue 0.5, which leaves delays with a spread to both sides as they are
 */
export function retryDelayMs(delays: RetryDelays, attempt: number, random = NO_CHANCE): number {
  const { delayMs, factor = 1, maxDelayMs = delayMs, jitter = 0 } = delays;
  const grown = Math.min(delayMs * factor ** (attempt - 1), maxDelayMs);
  const spread = jitter === 'full' ? random : 1 - jitter + 2 * jitter * random;
  return Math.max(1, grown * spread);
}
