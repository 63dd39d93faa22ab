/** Says whether a value is an object with named values, not a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Says whether a value is text. */
export function isText(value: unknown): value is string {
  return typeof value === 'string';
}
