/** The text format of PostgreSQL's COPY. */

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** One value of a row; `null` is NULL. NUL characters and halves of surrogate pairs must be gone already. */
export function copyValue(value: string | null): string {
  if (value === null) return '\\N';
  return SPECIAL.test(value) ? value.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? '') : value;
}

/** One row with its line end. */
export function copyRow(values: readonly (string | null)[]): string {
  return `${values.map(copyValue).join('\t')}\n`;
}
