/** What PostgreSQL cannot store is taken out here, at the border, so that no odd page makes a write fail for ever. */

/** Removes NUL characters (refused in `text`) and replaces halves of surrogate pairs (refused in `jsonb`). */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Writes a value as JSON that `jsonb` accepts. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storableText(part) : part));
}

/** Makes one parameter of a statement storable: text, and text inside arrays. */
export function storableParameter(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  return Array.isArray(value) ? value.map(storableParameter) : value;
}

/** Says whether a text is a UUID; anything else would make PostgreSQL refuse the whole statement. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
