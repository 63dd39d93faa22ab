/**
 * Bounded concurrency over a source of any length. It uses promises only, so it
 * is deterministic inside a workflow.
 */

/** What a window needs. */
export interface WindowOptions<T> {
  /** Items in work at once; at least 1. */
  readonly limit: number;
  /** The next item, or `undefined` when there is none. Loops call it one after the other. */
  readonly next: () => Promise<T | undefined>;
  /** Works on one item. A rejection ends the window once every loop has ended. */
  readonly work: (item: T) => Promise<void>;
}

/**
 * Runs `limit` loops; each takes an item, works on it, takes the next. After a
 * rejection no loop takes a new item, those in work are waited for, and the
 * first rejection is thrown.
 */
export async function runWindow<T>({ limit, next, work }: WindowOptions<T>): Promise<void> {
  let rejection: { readonly error: unknown } | undefined;
  const loop = async (): Promise<void> => {
    try {
      while (rejection === undefined) {
        const item = await next();
        if (item === undefined) return;
        await work(item);
      }
    } catch (error) {
      rejection ??= { error };
    }
  };
  await Promise.all(Array.from({ length: limit }, loop));
  if (rejection !== undefined) throw rejection.error;
}

/** A source for {@link runWindow} over items that are already there. */
export function sourceOf<T>(items: readonly T[]): () => Promise<T | undefined> {
  let position = 0;
  return () => Promise.resolve(items[position++]);
}
