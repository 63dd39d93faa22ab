/** Words of limited work: who waits for whom, and how it is woken. */
import type { Rate } from '../queues/rates.ts';
import type { KeyedLimit } from '../tasks/definition.ts';
import { DAY_MS } from '../values/units.ts';

/** A limit of one key, as a run obeys it. Everybody who names the same key must name the same figures. */
export interface CallLimit {
  /** For example `provider:twilio`. */
  readonly key: string;
  /** So many are started in such a time. */
  readonly rate?: Rate | undefined;
  /** So many are under way at once. */
  readonly concurrency?: number | undefined;
}

/** The signal that tells a waiting run that its turn has come. */
export const limitSignals = { granted: 'limitGranted' } as const;

/** Limits that one call may name. */
export const MAX_CALL_LIMITS = 5;

const isCount = (value: unknown, most: number): boolean => typeof value === 'number' && value > 0 && value <= most;

/** Says whether data of unknown origin are limits that a call may name; the schema says the same where there is one. */
export function areLimits(value: unknown): value is readonly CallLimit[] {
  return Array.isArray(value) && value.length <= MAX_CALL_LIMITS && value.every(isLimit);
}

function isLimit(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { key, rate, concurrency } = value as { [K in keyof CallLimit]: unknown }; // looked at field by field
  if (typeof key !== 'string' || key === '' || key.length > 200) return false;
  return isRate(rate) && isConcurrency(concurrency) && (rate !== undefined || concurrency !== undefined);
}

function isConcurrency(value: unknown): boolean {
  return value === undefined || (Number.isInteger(value) && isCount(value, 100_000));
}

function isRate(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { count, perMs } = value as { [K in keyof Rate]: unknown }; // looked at field by field
  return isCount(count, 1_000_000) && Number.isInteger(perMs) && isCount(perMs, 31 * DAY_MS);
}

/**
 * The limits that a call obeys: those of the task's row with their keys filled
 * in, then those that the caller adds. Sorted by key, so that runs which need
 * several can never wait for each other in a circle.
 */
export function limitsOfCall(
  task: { readonly name: string; readonly keyedLimits?: readonly KeyedLimit[] | undefined },
  input: unknown,
  tenant: string | undefined,
  added: readonly CallLimit[] = [],
): readonly CallLimit[] {
  const own = (task.keyedLimits ?? []).flatMap(({ by, rate, concurrency }) => {
    const key = keyOf(task.name, by, input, tenant);
    return key === undefined ? [] : [{ key, rate, concurrency }];
  });
  const byKey = new Map([...own, ...added].map((limit) => [limit.key, limit]));
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** `undefined` where the call has no such key: a limit by tenant does not concern calls without one. */
function keyOf(task: string, by: KeyedLimit['by'], input: unknown, tenant: string | undefined): string | undefined {
  if (by === 'task') return `task:${task}`;
  if (by === 'tenant') return tenant === undefined ? undefined : `task:${task}/tenant:${tenant}`;
  // Any object may be looked into by key; a missing one gives undefined.
  const value = typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[by.field] : undefined;
  return typeof value === 'string' || typeof value === 'number'
    ? `task:${task}/${by.field}:${String(value).slice(0, 100)}`
    : undefined;
}
