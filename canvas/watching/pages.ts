/** Cuts lists into answers of bounded size. */
import type { CanvasPage } from '../../contracts/canvas/views.ts';

/** Characters of a page as JSON: the server takes 2 MB, and texts may take two bytes for a character. */
const PAGE_CHARACTERS = 700_000;

/** Entries from a position on, as they are shown: at most `limit`, and fewer where they are long. */
export function page<From, To>(
  all: readonly From[],
  after: number,
  limit: number,
  shown: (entry: From) => To,
): CanvasPage<To> {
  const entries: To[] = [];
  let characters = 0;
  for (const entry of all.slice(after, after + limit)) {
    const view = shown(entry);
    characters += JSON.stringify(view).length;
    // One alone may be larger: then it is a page.
    if (entries.length > 0 && characters > PAGE_CHARACTERS) break;
    entries.push(view);
  }
  const next = after + entries.length;
  return { entries, next: next < all.length ? next : null };
}
