/**
 * The one registry of failure types: what went wrong, whether trying again can
 * help, and what a person should do. Every error that leaves a service, an
 * activity or a workflow carries one of these names, `docs/failures.md` is
 * generated from this table, and retry decisions read `class` alone.
 */
import * as domains from './failures/domains.ts';
import { generalFailures } from './failures/general.ts';
import type { FailureClass, FailureRule } from './failures/rule.ts';

export type { FailureClass, FailureRule };

type Tables = typeof generalFailures | (typeof domains)[keyof typeof domains];
type NamesOf<Table> = Table extends unknown ? keyof Table : never;

/** The name of a failure, as it stands in `ApplicationFailure.type`, in rows and in API answers. */
export type FailureType = NamesOf<Tables>;

/** All failures: those that any domain may meet, then those of each domain. */
export const failures = Object.assign(
  {},
  generalFailures,
  ...Object.entries(domains)
    .sort(([a], [b]) => (a < b ? -1 : 1)) // bundlers list exports in an order of their own
    .map(([, table]) => table),
) as Readonly<Record<FailureType, FailureRule>>; // Object.assign forgets the types

/** A failure as plain data: what rows, results and API answers carry. */
export interface FailureRecord {
  readonly type: FailureType;
  readonly class: FailureClass;
  /** For a person: expected, found, what to do. Never holds document contents. */
  readonly message: string;
}

/** Says whether a string names a failure of the registry. */
export function isFailureType(value: unknown): value is FailureType {
  return typeof value === 'string' && Object.hasOwn(failures, value);
}

/** Turns a type and a message into the plain record that rows and results carry. */
export function failureRecord(type: FailureType, message: string): FailureRecord {
  return { type, class: failures[type].class, message };
}

/**
 * The error that services throw when they know what went wrong. The activity
 * shell maps it to an `ApplicationFailure` of the same type, so that services
 * never import Temporal.
 */
export class PerennialError extends Error {
  override readonly name = 'PerennialError';
  readonly type: FailureType;
  /** How long the other side asked to wait, in milliseconds; only for throttled failures. */
  readonly retryAfterMs: number | undefined;

  constructor(type: FailureType, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.type = type;
    this.retryAfterMs = options.retryAfterMs;
  }
}
