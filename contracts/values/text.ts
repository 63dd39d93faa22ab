/** Trimming of texts in linear time; a regular expression such as `/x+$/` takes quadratic time. */

/**
 * Removes the characters of a kind from the end of a text.
 *
 * @param kind - matches one character
 * @example
 * ```ts
 * withoutEnd('https://example.com//', /\//); // 'https://example.com'
 * ```
 */
export function withoutEnd(text: string, kind: RegExp): string {
  let end = text.length;
  while (end > 0 && kind.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
