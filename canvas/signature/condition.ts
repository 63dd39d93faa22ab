import { isRecord } from './json.ts';

/** What is asked of a value. */
export type Test =
  | { readonly equals: unknown }
  | { readonly notEquals: unknown }
  /** Of two numbers or two texts; anything else is not greater. ISO 8601 times of one zone compare as texts. */
  | { readonly greater: number | string }
  | { readonly less: number | string }
  /** There is such a field, and it is not null. */
  | { readonly exists: boolean }
  /** Neither null, false, 0, nor an empty text or list. */
  | { readonly truthy: boolean };

/** A test of the value, or of what stands at a path in it: `invoice.lines.0.amount`, or a list of keys. */
export type Condition = Test & { readonly path?: string | readonly (string | number)[] };

/** Names of the tests. */
export const TESTS = ['equals', 'notEquals', 'greater', 'less', 'exists', 'truthy'] as const;

const tests: Readonly<Record<(typeof TESTS)[number], (found: unknown, wanted: unknown) => boolean>> = {
  equals: same,
  notEquals: (found, wanted) => !same(found, wanted),
  greater: (found, wanted) => isGreater(found, wanted),
  less: (found, wanted) => isGreater(wanted, found),
  exists: (found, wanted) => (found !== undefined && found !== null) === wanted,
  truthy: (found, wanted) => (Array.isArray(found) ? found.length > 0 : Boolean(found)) === wanted,
};

/** Says whether the condition holds. Never throws: what is not there is undefined. */
export function holds(condition: Condition, value: unknown): boolean {
  const found = valueAt(value, condition.path ?? []);
  const given = condition as Readonly<Record<string, unknown>>; // looked into by names of tests only
  return TESTS.filter((name) => name in given).every((name) => tests[name](found, given[name]));
}

function valueAt(value: unknown, path: string | readonly (string | number)[]): unknown {
  const keys = typeof path === 'string' ? path.split('.').filter((key) => key !== '') : path;
  return keys.reduce<unknown>(entryOf, value);
}

function entryOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)] as unknown;
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isGreater(one: unknown, other: unknown): boolean {
  if (typeof one === 'number') return typeof other === 'number' && one > other;
  return typeof one === 'string' && typeof other === 'string' && one > other;
}

/** Equal as JSON, whatever the order of fields. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((entry, at) => same(entry, b[at]));
  if (!isRecord(a) || !isRecord(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  );
}
