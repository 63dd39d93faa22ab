/** Reads errors of others, which may be anything: values that are no errors, with getters that throw, or endless. */

/** Reads one property; `undefined` when there is none, or reading it throws. */
export function valueOf(error: unknown, property: string): unknown {
  if ((typeof error !== 'object' && typeof error !== 'function') || error === null) return undefined;
  try {
    const value: unknown = Reflect.get(error, property);
    return value;
  } catch {
    return undefined;
  }
}

/** Reads a text; empty when there is none. */
export function textOf(error: unknown, property: string): string {
  const value = valueOf(error, property);
  return typeof value === 'string' ? value : '';
}

/** Reads a number; `undefined` when there is none. */
export function numberOf(error: unknown, property: string): number | undefined {
  const value = valueOf(error, property);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Says whether a value is of a class. Proxies may throw even then. */
export function isA<T>(value: unknown, kind: abstract new (...args: never) => T): value is T {
  try {
    return value instanceof kind;
  } catch {
    return false;
  }
}

/** Most errors that are read of a chain of causes. */
const LONGEST_CHAIN = 8;

/** Returns an error, its cause, the cause of that, and so on; of several at once the first. A circle ends where it began. */
export function chainOf(error: unknown): readonly unknown[] {
  const chain = new Set<unknown>();
  for (let at = error; at !== undefined && at !== null && chain.size < LONGEST_CHAIN && !chain.has(at);) {
    chain.add(at);
    at = valueOf(at, 'cause') ?? valueOf(valueOf(at, 'errors'), '0');
  }
  return [...chain];
}
