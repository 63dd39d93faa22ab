/** Names that people give: any printable text, because it is shown, logged and written into addresses. */

/** What {@link isPrintable} accepts, for messages. */
export const PRINTABLE_EXPECTED =
  'printable characters: no control characters, line breaks, lone surrogates or changes of writing direction, and no space at an end';

/** Control characters, halves of pairs, separators of lines, and marks that reverse the text around them. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/**
 * Tells whether a text may be a name. `.` and `..` are refused, because they have another meaning in addresses.
 */
export function isPrintable(text: string): boolean {
  return text.trim() === text && text !== '.' && text !== '..' && !UNPRINTABLE.test(text);
}

/** Longest text that {@link oneLine} keeps, in characters; more could not be shown. */
const LONGEST = 300;

/** Removes what must not reach a page or a header: line breaks, control and direction characters, halves of pairs. */
export function oneLine(text: string): string {
  return text
    .slice(0, LONGEST)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]+/gu, ' ')
    .trim();
}
