/** Splits items into chunks of at most `size`, in order: 250 items in chunks of 100 are 3 chunks. */
export function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`expected a chunk size of at least 1, got ${String(size)}`);
  const found: T[][] = [];
  for (let start = 0; start < items.length; start += size) found.push(items.slice(start, start + size));
  return found;
}
