import { base64 } from '../signature/base64.ts';

/**
 * A value as a Celery worker reads it: dates and bytes with their type, as kombu writes them, sets as lists.
 *
 * @example
 * ```ts
 * import { kombuJson } from './canvas/build/kombu.ts';
 *
 * const message = JSON.stringify(kombuJson({ due: new Date(), scan: new Uint8Array([1, 2]) }));
 * ```
 */
export function kombuJson(value: unknown): unknown {
  // Python before 3.11 does not read the Z.
  if (value instanceof Date) return typed('datetime', value.toISOString().replace('Z', '+00:00'));
  if (value instanceof Uint8Array) return typed('base64', base64(value));
  if (value instanceof Set) return [...value].map(kombuJson);
  if (Array.isArray(value)) return value.map(kombuJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, kombuJson(entry)]));
}

function typed(type: string, value: string): object {
  return { __type__: type, __value__: value };
}
