/** Operations on values as the Python tasks define them. */
import { pythonValue } from '../canvas/signature/python.ts';
import { TaskError } from './world.ts';
import { isRecord } from '../canvas/signature/json.ts';

/** Formats a value as JSON without spaces and with sorted keys, for logs and messages. */
export function compactJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value ?? null;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

/** Formats a text unchanged and everything else as JSON. */
export function logText(value: unknown): string {
  return typeof value === 'string' ? value : compactJson(value);
}

/** Formats a value as Python's `str` does. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : pythonValue(value);
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return 'dict';
}

/** Computes Python's `+`: numbers are added, texts and lists joined. */
export function plus(x: unknown, y: unknown): unknown {
  if (typeof x === 'number' && typeof y === 'number') return x + y;
  if (typeof x === 'string' && typeof y === 'string') return x + y;
  if (Array.isArray(x) && Array.isArray(y)) return [...(x as unknown[]), ...(y as unknown[])];
  if (typeof x === 'string' || Array.isArray(x))
    throw new TaskError('TypeError', `can only concatenate ${typeName(x)} (not "${typeName(y)}") to ${typeName(x)}`);
  throw operands('+', x, y);
}

function operands(sign: string, x: unknown, y: unknown): TaskError {
  return new TaskError('TypeError', `unsupported operand type(s) for ${sign}: '${typeName(x)}' and '${typeName(y)}'`);
}

/** Computes with two values that must be numbers. */
export function numeric(sign: '-' | '*', x: unknown, y: unknown): number {
  if (typeof x !== 'number' || typeof y !== 'number') throw operands(sign, x, y);
  return sign === '-' ? x - y : x * y;
}

/**
 * Returns the entries of a list.
 * @throws TaskError for any other value
 */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new TaskError('TypeError', `'${typeName(value)}' object is not iterable`);
}

/** Sums a list; with `nested`, lists inside it too. */
export function sumOf(value: unknown, nested = false): unknown {
  return listOf(value).reduce<unknown>((sum, item) => plus(sum, nested && Array.isArray(item) ? sumOf(item) : item), 0);
}

/** Returns a value that must be a number: milliseconds, seconds, a count. */
export function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new TaskError('TypeError', `expected a number, got ${typeName(value)}`);
  return value;
}
