import { isRecord } from './json.ts';

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text as Python's `repr` writes it: in single quotes, unless the text has such and no double ones. */
export function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replaceAll(/[\\\n\r\t]/g, (char) => ESCAPES[char] ?? char);
  return quote + (quote === "'" ? inner.replaceAll("'", "\\'") : inner) + quote;
}

/** A JSON value as Python's `repr` writes it. */
export function pythonValue(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return pythonText(value);
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(', ')}]`;
  if (!isRecord(value)) return pythonText(typeof value);
  const pairs = Object.entries(value).map(([key, entry]) => `${pythonText(key)}: ${pythonValue(entry)}`);
  return `{${pairs.join(', ')}}`;
}

/** A list as Python writes a tuple. */
export function pythonTuple(values: readonly unknown[]): string {
  const inner = values.map(pythonValue).join(', ');
  return values.length === 1 ? `(${inner},)` : `(${inner})`;
}
