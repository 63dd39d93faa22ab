/** Checks what callers hand in, before anything is started, and says precisely what is wrong. */
import type { z } from 'zod';
import { PerennialError } from '../../contracts/failures.ts';

/**
 * One thing that is wrong with an input.
 *
 * @example
 * ```ts
 * import { type FieldError, InvalidInput } from './client/index.ts';
 *
 * const fields = (error: unknown): readonly FieldError[] => (error instanceof InvalidInput ? error.fields : []);
 * ```
 */
export interface FieldError {
  /** Where, for example `documentIds[3]`; empty for the input as a whole. */
  readonly field: string;
  readonly expected: string;
  /** What came instead, shortened. */
  readonly got: string;
}

/**
 * An input that does not match its schema; nothing has been started.
 *
 * @example
 * ```ts
 * import { InvalidInput } from './client/index.ts';
 *
 * try {
 *   await perennial.tasks.call('samples.add', { a: 'one' });
 * } catch (error) {
 *   if (error instanceof InvalidInput) for (const { field, expected } of error.fields) console.log(field, expected);
 * }
 * ```
 */
export class InvalidInput extends PerennialError {
  readonly fields: readonly FieldError[];

  constructor(fields: readonly FieldError[]) {
    super('InvalidInput', fields.map(sentence).join('; '));
    this.fields = fields;
  }
}

/**
 * Gives the input as its schema describes it.
 *
 * @param at - name of the input, put before the names of its fields
 * @throws InvalidInput naming each wrong field, what was expected and what came
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { validate } from './client/index.ts';
 *
 * const { name } = validate(z.object({ name: z.string() }), JSON.parse('{"name": "Ada"}'), 'body');
 * ```
 */
export function validate<S extends z.ZodType>(schema: S, input: unknown, at = ''): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(parsed.error.issues.map((issue) => fieldError(issue, input, at)));
}

function sentence(error: FieldError): string {
  return `${error.field === '' ? 'input' : error.field}: expected ${error.expected}, got ${error.got}`;
}

function fieldError(issue: z.core.$ZodIssue, input: unknown, at: string): FieldError {
  const extra = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = extra === undefined ? issue.path : [...issue.path, extra];
  return { field: fieldName(path, at), expected: expectation(issue), got: describeValue(valueAt(input, path)) };
}

function fieldName(path: readonly PropertyKey[], at: string): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === 'number') return `${name}[${key}]`;
    return name === '' ? String(key) : `${name}.${String(key)}`;
  }, at);
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'unrecognized_keys':
      return 'no such field';
    case 'too_big':
      return `at most ${issue.maximum} ${unitOf(issue.origin)}`.trim();
    case 'too_small':
      return `at least ${issue.minimum} ${unitOf(issue.origin)}`.trim();
    default:
      return issue.message.replace(/^expected /i, '').replace(/^Invalid (\w+)$/, 'a valid $1');
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return 'characters';
  return origin === 'array' ? 'entries' : '';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    // Any object may be looked into by key; a missing one gives undefined.
    return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }, input);
}

/** Names a value in a few words; long values may be document contents and are cut. */
function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'string':
      return value.length <= 60 ? JSON.stringify(value) : `a string of ${value.length} characters`;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      return describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function describeObject(value: object | null): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 6).join(', ')}`;
}
