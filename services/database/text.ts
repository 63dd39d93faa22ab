/** Removes what PostgreSQL cannot store, so that unusual characters in a page do not make every write fail. */

/** Removes NUL characters (refused in `text`) and replaces halves of surrogate pairs (refused in `jsonb`). */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Formats a value as JSON that `jsonb` accepts. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storableText(part) : part));
}

/** Makes one parameter of a statement storable: texts, and texts inside arrays. */
export function storableParameter(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  return Array.isArray(value) ? value.map(storableParameter) : value;
}

/** Tells whether a text is a UUID; PostgreSQL would refuse the whole statement for any other text. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
