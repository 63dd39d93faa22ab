import { kindOf } from '../../contracts/values/field-faults.ts';
import { type UsageError, wrongField } from '../terminal/context.ts';
import { parseJson } from '../terminal/json.ts';

/** Reads JSON. @throws UsageError naming the option */
export function readJson(text: string, option: string): unknown {
  return parseJson(Buffer.from(text), option);
}

/** Reads a JSON array. @throws UsageError naming the option */
export function readList(text: string, option: string): readonly unknown[] {
  const list: unknown = readJson(text, option);
  if (!Array.isArray(list)) throw wrong(option, 'a JSON array', list);
  return list as readonly unknown[];
}

/** Reads a JSON object. @throws UsageError naming the option */
export function readObject(text: string, option: string): Readonly<Record<string, unknown>> {
  const value = readJson(text, option);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(option, 'a JSON object', value);
  return value as Readonly<Record<string, unknown>>; // an object that is no list
}

function wrong(field: string, expected: string, got: unknown): UsageError {
  return wrongField({ field, expected, got: kindOf(got) });
}
