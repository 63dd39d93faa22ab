/** Tells from a number format what a number of a sheet stands for (ECMA-376, 18.8.30). */

/** What a number stands for: itself, or a point or an amount of time in days. */
export type NumberKind = 'number' | 'date' | 'time' | 'duration';

/** Formats that every workbook has, by their number; 27 to 36 and 50 to 58 are dates of East Asian editions. */
const BUILT_IN: readonly (readonly [from: number, to: number, kind: NumberKind])[] = [
  [14, 17, 'date'],
  [18, 21, 'time'],
  [22, 22, 'date'],
  [27, 31, 'date'],
  [32, 35, 'time'],
  [36, 36, 'date'],
  [45, 45, 'time'],
  [46, 46, 'duration'],
  [47, 47, 'time'],
  [50, 58, 'date'],
];

/** Parts of a format that are shown as they stand: quoted, escaped, padding, colours, conditions and currencies. */
const LITERAL = /"[^"]*"|\\.|_.|\*.|\[[^[\]]*\]/g;
/** Hours, minutes or seconds that count on beyond a day, an hour or a minute. */
const ELAPSED = /\[(?:h+|m+|s+)\]/i;

/** Returns what numbers of a format stand for; `code` is absent for the formats that every workbook has. */
export function numberKind(id: number, code: string | undefined): NumberKind {
  if (code === undefined) return BUILT_IN.find(([from, to]) => id >= from && id <= to)?.[2] ?? 'number';
  // The first section is for positive numbers; the others may hold a text such as "none".
  const section = sections(code)[0] ?? '';
  if (ELAPSED.test(section.replaceAll(/"[^"]*"|\\./g, ''))) return 'duration';
  const bare = section.replaceAll(LITERAL, '').replaceAll(/general|am\/pm|a\/p/gi, '');
  if (/[yd]/i.test(bare)) return 'date';
  if (/[hs]/i.test(bare)) return 'time';
  // An m without hours and seconds beside it is a month.
  return /m/i.test(bare) ? 'date' : 'number';
}

function sections(code: string): readonly string[] {
  return code.replaceAll(/"[^"]*"|\\./g, (literal) => literal.replaceAll(';', ' ')).split(';');
}
