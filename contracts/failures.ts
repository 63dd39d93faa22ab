/**
 * The registry of failure types: cause, class and remedy of each. Every error that leaves a service, an activity or a
 * workflow carries one of these names. `docs/failures.md` is generated from the registry, and retries depend only on `class`.
 */
import * as domains from './failures/domains.ts';
import { generalFailures } from './failures/general.ts';
import type { FailureClass, FailureRule } from './failures/rule.ts';

export type { FailureClass, FailureRule };

type Tables = typeof generalFailures | (typeof domains)[keyof typeof domains];
type NamesOf<Table> = Table extends unknown ? keyof Table : never;

/** The name of a failure, as used in `ApplicationFailure.type`, in rows and in API answers. */
export type FailureType = NamesOf<Tables>;

type Rules = Record<string, FailureRule>;

/** An application adds its own. */
const rules: Rules = Object.assign(
  {},
  generalFailures,
  ...Object.entries(domains)
    .sort(([a], [b]) => (a < b ? -1 : 1)) // sorted, because bundlers change the order of exports
    .map(([, table]) => table),
) as Rules; // `Object.assign` loses the types

/** All failures: those that any domain may meet, then those of each domain. */
export const failures = rules as Readonly<Record<FailureType, FailureRule>>; // the rows of the product stay

/**
 * Adds the failures of an application.
 *
 * @returns a function that removes them again
 * @throws TypeError a name is taken; nothing is added
 */
export function addFailures(added: Readonly<Rules>): () => void {
  const isNew = Object.entries(added).filter(([type, rule]) => rules[type] !== rule);
  for (const [type] of isNew)
    if (Object.hasOwn(rules, type))
      throw new TypeError(`${type}: expected a name that no other failure has, got it twice`);
  Object.assign(rules, Object.fromEntries(isNew));
  return () => {
    for (const [type] of isNew) Reflect.deleteProperty(rules, type);
  };
}

/** A failure as plain data, for rows, results and API answers. */
export interface FailureRecord {
  readonly type: FailureType;
  readonly class: FailureClass;
  /** Message for people: what was expected, what was found and what to do. It never holds contents of documents. */
  readonly message: string;
}

/** Tells whether a value names a failure of the registry. */
export function isFailureType(value: unknown): value is FailureType {
  return typeof value === 'string' && Object.hasOwn(failures, value);
}

/** Makes the plain record of a failure. */
export function failureRecord(type: FailureType, message: string): FailureRecord {
  return { type, class: failures[type].class, message };
}

/** Details of a {@link PerennialError}. */
export interface PerennialErrorOptions {
  readonly cause?: unknown;
  readonly retryAfterMs?: number | undefined;
  readonly provider?: string | undefined;
}

/**
 * The error that services throw when they know what went wrong. The activity
 * shell maps it to an `ApplicationFailure` of the same type, so that services
 * never import Temporal.
 */
export class PerennialError extends Error {
  override readonly name = 'PerennialError';
  readonly type: FailureType;
  /** Delay that the other side asked for, in milliseconds; only for failures that are retried. */
  readonly retryAfterMs: number | undefined;
  /** Whose service failed, where that is known: a name such as `stripe`, or a host. */
  readonly provider: string | undefined;

  constructor(type: FailureType, message: string, options: PerennialErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.type = type;
    this.retryAfterMs = options.retryAfterMs;
    this.provider = options.provider;
  }
}
