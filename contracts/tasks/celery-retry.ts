/** Converts the retry options of a Celery task. */
import type { FieldFault } from '../values/field-faults.ts';
import { DAY_SECONDS, SECOND_MS } from '../values/units.ts';
import type { RetryRule } from './retry-rules.ts';

/** Retry options of a Celery task under Celery's names; times in seconds. */
export interface CeleryRetryOptions {
  /** Retries after the first attempt, as a number: `None`, which never ends, is refused. @defaultValue 3 */
  readonly max_retries?: number | null;
  /** Seconds between two attempts where `retry_backoff` is off. @defaultValue 180 */
  readonly default_retry_delay?: number;
  /**
   * `true` for delays of 1, 2, 4, 8 s and so on; a number is the first of them, whose fraction Celery drops, and at least 1.
   * @defaultValue false
   */
  readonly retry_backoff?: boolean | number;
  /** Longest delay in seconds where `retry_backoff` is on. @defaultValue 600 */
  readonly retry_backoff_max?: number;
  /** With `retry_backoff`, each delay is a random one between none and the full. @defaultValue true */
  readonly retry_jitter?: boolean;
  /**
   * What is retried: names of Python's exceptions (`Exception`, `ConnectionError`, `TimeoutError`, `OSError`, `ValueError`), types of
   * the registry of failures, or classes. @defaultValue whatever may pass: `transient`, `throttled` and `unknown`
   */
  readonly autoretry_for?: readonly string[];
  /** What is never retried, in the same words. @defaultValue none */
  readonly dont_autoretry_for?: readonly string[];
}

/** What exceptions of Python are here. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  Exception: ['transient', 'throttled', 'unknown'],
  ConnectionError: ['BackendUnavailable'],
  TimeoutError: ['BackendTimeout'],
  OSError: ['transient'],
  ValueError: ['permanent'],
};

/** Celery's defaults, in its units. */
const DEFAULTS = { retries: 3, delay: 180, cap: 600 } as const;

const MOST_RETRIES = 9_999;

/** Longest delay in seconds: 31 days. */
const LONGEST_DELAY = 31 * DAY_SECONDS;

/**
 * Converts the retry options of a Celery task to the retry rule of a task here: `max_retries` retries are one attempt more.
 *
 * @throws TypeError an option is no number where one is expected, negative, without an end or too large, or has an unknown name;
 *   the message lists every fault
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { defineTask, retryOfCelery } from './define/index.ts';
 *
 * export const charge = defineTask(
 *   {
 *     name: 'shop.charge',
 *     input: z.object({ orderId: z.string() }),
 *     output: z.null(),
 *     retry: retryOfCelery({ autoretry_for: ['ConnectionError'], retry_backoff: 2, retry_backoff_max: 60, max_retries: 5 }),
 *   },
 *   () => null,
 * );
 * ```
 */
export function retryOfCelery(options: CeleryRetryOptions = {}): RetryRule {
  const faults = faultsOf(options);
  if (faults.length > 0)
    throw new TypeError(
      faults.map(({ field, expected, got }) => `${field}: expected ${expected}, got ${got}`).join('; '),
    );
  const { max_retries, autoretry_for, dont_autoretry_for } = options;
  return {
    attempts: (max_retries ?? DEFAULTS.retries) + 1,
    ...delaysOf(options),
    ...(autoretry_for === undefined ? {} : { retryOn: failuresOf(autoretry_for) }),
    ...(dont_autoretry_for === undefined ? {} : { neverOn: failuresOf(dont_autoretry_for) }),
    reason: 'As in Celery.',
  };
}

function delaysOf({
  default_retry_delay = DEFAULTS.delay,
  retry_backoff = false,
  retry_backoff_max = DEFAULTS.cap,
  retry_jitter = true,
}: CeleryRetryOptions): Omit<RetryRule, 'attempts' | 'reason'> {
  // Celery takes 0 for off.
  if (retry_backoff === false || retry_backoff === 0) return { delayMs: default_retry_delay * SECOND_MS };
  const first = Math.max(1, Math.trunc(Number(retry_backoff)));
  return {
    delayMs: first * SECOND_MS,
    factor: 2,
    maxDelayMs: retry_backoff_max * SECOND_MS,
    ...(retry_jitter ? { jitter: 'full' as const } : {}),
  };
}

function failuresOf(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => EXCEPTIONS[name] ?? [name]);
}

const OPTIONS = {
  max_retries: retriesFault,
  default_retry_delay: secondsFault,
  retry_backoff: (value) => (typeof value === 'boolean' ? undefined : secondsFault(value)),
  retry_backoff_max: secondsFault,
  retry_jitter: (value) => (typeof value === 'boolean' ? undefined : 'true or false'),
  autoretry_for: namesFault,
  dont_autoretry_for: namesFault,
} as const satisfies Readonly<Record<keyof CeleryRetryOptions, (value: unknown) => string | undefined>>;

/** Returns every fault: options come from applications in JavaScript too. */
function faultsOf(options: CeleryRetryOptions): readonly FieldFault[] {
  return Object.entries(options).flatMap(([field, value]): readonly FieldFault[] => {
    if (value === undefined) return [];
    const check = Object.hasOwn(OPTIONS, field) ? OPTIONS[field as keyof CeleryRetryOptions] : undefined;
    const expected = check === undefined ? `one of ${Object.keys(OPTIONS).join(', ')}` : check(value);
    return expected === undefined ? [] : [{ field, expected, got: shown(value) }];
  });
}

function retriesFault(value: unknown): string | undefined {
  if (value === null || value === Infinity)
    return `a number: retries without an end are not offered, at most ${MOST_RETRIES}`;
  const isRight = Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_RETRIES;
  return isRight ? undefined : `a whole number from 0 to ${MOST_RETRIES}`;
}

function secondsFault(value: unknown): string | undefined {
  const isRight = typeof value === 'number' && value >= 0 && value <= LONGEST_DELAY;
  return isRight ? undefined : `seconds as a number from 0 to ${LONGEST_DELAY}`;
}

function namesFault(value: unknown): string | undefined {
  const isRight = Array.isArray(value) && value.every((name) => typeof name === 'string' && /^\w{1,60}$/.test(name));
  return isRight ? undefined : 'a list of names of exceptions or failures';
}

function shown(value: unknown): string {
  if (value === null) return 'None';
  return typeof value === 'string' ? `'${value.slice(0, 60)}'` : inspected(value);
}

function inspected(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : `a value of the type ${typeof value}`;
}
