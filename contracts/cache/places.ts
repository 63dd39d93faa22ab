/** Returns part of a list as Redis does: both ends are included, and negative places count from the end. */
export function between(items: readonly string[], from: number, to: number): readonly string[] {
  const first = from < 0 ? Math.max(items.length + from, 0) : from;
  const last = to < 0 ? items.length + to : to;
  return last < first ? [] : items.slice(first, last + 1);
}
