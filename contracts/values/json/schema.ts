/**
 * The schema of any JSON value. It walks the value, because zod's recursive `json()` cannot be written as OpenAPI.
 */
import { z } from 'zod';

export const jsonSchema = z
  .unknown()
  .refine(isJson, 'expected a JSON value, which NaN, BigInt, dates, functions and cycles are not');

/** Deepest nesting that is accepted. */
const MAX_DEPTH = 200;

function isJson(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth > MAX_DEPTH) return false;
  return isPlain(value) && Object.values(value).every((item) => isJson(item, depth + 1));
}

function isPlain(value: object): boolean {
  const made: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || made === Object.prototype || made === null;
}
