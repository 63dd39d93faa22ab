/** Small pieces of Markdown that the generated pages share. */

/** A text as it may stand in a table cell. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

/** A table; its cells must be cell texts already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The line that keeps people from editing a generated page. */
export const GENERATED = '<!-- Written by `npm run docs`; do not edit. -->';

/** A generated page of one table. */
export function page(
  title: string,
  introduction: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return `# ${title}\n\n${GENERATED}\n\n${introduction}\n\n${table(head, rows)}\n`;
}

/** A duration for people: the largest unit that divides it. */
export function duration(milliseconds: number): string {
  const units = [
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const;
  const unit = units.find(([, size]) => milliseconds >= size && milliseconds % size === 0);
  return unit === undefined ? `${milliseconds} ms` : `${milliseconds / unit[1]} ${unit[0]}`;
}
