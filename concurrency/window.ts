/**
 * Bounded concurrency over a source of any length. It uses promises only, so it
 * is deterministic inside a workflow.
 */

/** Settings of a window. */
export interface WindowOptions<T> {
  /** Items in progress at once; at least 1. */
  readonly limit: number;
  /** Returns the next item, or `undefined` at the end. It is never called concurrently. */
  readonly next: () => Promise<T | undefined>;
  /** Processes one item. A rejection ends the window once every loop has ended. */
  readonly work: (item: T) => Promise<void>;
}

/**
 * Runs `limit` loops, each of which takes an item, processes it and takes the next. After a rejection no loop takes a
 * new item, those in progress are awaited, and the first rejection is thrown.
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

/** Creates a source for {@link runWindow} from a list of items. */
export function sourceOf<T>(items: readonly T[]): () => Promise<T | undefined> {
  let position = 0;
  return () => Promise.resolve(items[position++]);
}
