/** The text format of PostgreSQL's COPY. */

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/**
 * Formats one value of a row; `null` becomes NULL. NUL characters and halves of surrogate pairs must have been removed
 * before.
 */
export function copyValue(value: string | null): string {
  if (value === null) return '\\N';
  return SPECIAL.test(value) ? value.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? '') : value;
}

/** Formats one row with its line end. */
export function copyRow(values: readonly (string | null)[]): string {
  return `${values.map(copyValue).join('\t')}\n`;
}
