/** The vocabulary of the limits domain: limits of a call, and the signal that wakes a waiting run. */
import type { Rate } from '../queues/rates.ts';
import type { KeyedLimit } from '../tasks/definition.ts';
import { DAY_MS } from '../values/units.ts';

/** A limit on calls with the same key. Every caller of a key must give the same rate and concurrency. */
export interface CallLimit {
  /** Key of the limit, for example `provider:twilio`. */
  readonly key: string;
  /** Most calls that are started per time. */
  readonly rate?: Rate | undefined;
  /** Most calls that run at once. */
  readonly concurrency?: number | undefined;
}

/** The signal that tells a waiting run that it may continue. */
export const limitSignals = { granted: 'limitGranted' } as const;

/** Most limits that one call may name. */
export const MAX_CALL_LIMITS = 5;

const isCount = (value: unknown, most: number): boolean => typeof value === 'number' && value > 0 && value <= most;

/** Tells whether a value is a valid list of limits. It repeats the schema, which workflow code cannot load. */
export function areLimits(value: unknown): value is readonly CallLimit[] {
  return Array.isArray(value) && value.length <= MAX_CALL_LIMITS && value.every(isLimit);
}

function isLimit(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { key, rate, concurrency } = value as { [K in keyof CallLimit]: unknown }; // each field is checked below
  if (typeof key !== 'string' || key === '' || key.length > 200) return false;
  return isRate(rate) && isConcurrency(concurrency) && (rate !== undefined || concurrency !== undefined);
}

function isConcurrency(value: unknown): boolean {
  return value === undefined || (Number.isInteger(value) && isCount(value, 100_000));
}

function isRate(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { count, perMs } = value as { [K in keyof Rate]: unknown }; // each field is checked below
  return isCount(count, 1_000_000) && Number.isInteger(perMs) && isCount(perMs, 31 * DAY_MS);
}

/**
 * Returns the limits of a call: those of the task's row with their keys filled in, and those that the caller adds. They are
 * sorted by key, so that runs which acquire several limits cannot deadlock.
 */
export function limitsOfCall(
  task: { readonly name: string; readonly keyedLimits?: readonly KeyedLimit[] | undefined },
  input: unknown,
  tenant: string | undefined,
  added: readonly CallLimit[] = [],
): readonly CallLimit[] {
  const own = (task.keyedLimits ?? []).flatMap(({ by, shared, rate, concurrency }) => {
    const key = keyOf(shared === undefined ? `task:${task.name}` : `shared:${shared}`, by, input, tenant);
    return key === undefined ? [] : [{ key, rate, concurrency }];
  });
  const byKey = new Map([...own, ...added].map((limit) => [limit.key, limit]));
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Returns the key of a limit for a call; `undefined` when it does not apply, such as a limit by tenant to a call without a tenant. */
function keyOf(whose: string, by: KeyedLimit['by'], input: unknown, tenant: string | undefined): string | undefined {
  if (by === 'task') return whose;
  if (by === 'tenant') return tenant === undefined ? undefined : `${whose}/tenant:${tenant}`;
  // Any object may be indexed by a string; a missing key gives `undefined`.
  const value = typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[by.field] : undefined;
  return typeof value === 'string' || typeof value === 'number'
    ? `${whose}/${by.field}:${String(value).slice(0, 100)}`
    : undefined;
}
