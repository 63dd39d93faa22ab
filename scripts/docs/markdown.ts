/** Helpers for the Markdown of generated pages. */

/** Formats a text for a table cell. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

/** Formats a table whose cells are already formatted. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The first line of a generated page, which warns against editing it. */
export const GENERATED = '<!-- Written by `npm run docs`; do not edit. -->';

/** Formats a generated page that consists of one table. */
export function page(
  title: string,
  introduction: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return `# ${title}\n\n${GENERATED}\n\n${introduction}\n\n${table(head, rows)}\n`;
}

/** Formats a duration in the largest unit that divides it. */
export function duration(milliseconds: number): string {
  const units = [
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const;
  const unit = units.find(([, size]) => milliseconds >= size && milliseconds % size === 0);
  return unit === undefined ? `${milliseconds} ms` : `${milliseconds / unit[1]} ${unit[0]}`;
}
