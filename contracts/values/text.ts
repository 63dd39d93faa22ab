/** Cutting texts, in a time in proportion to their length: a pattern such as `/x+$/` takes its square. */

/**
 * A text without the characters of a kind that it ends with.
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
