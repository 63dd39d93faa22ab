/**
 * Something that its first use opens. A process loads at its start what every run of it needs; a library that only some
 * runs need is loaded by `import()` where it is used, and what must be opened once, such as a pool, is kept here.
 */

/** Returns the one thing, which the first call opens. */
export interface WhenUsed<T> {
  (): Promise<T>;
  /** Returns the thing if something has used it, for its end. */
  ifUsed(): Promise<T | undefined>;
}

/**
 * Opens something with its first use; a failed opening is repeated by the next use.
 *
 * @param open - usually imports the library that it needs
 */
export function whenUsed<T>(open: () => Promise<T>): WhenUsed<T> {
  let opened: Promise<T> | undefined;
  const use = (): Promise<T> =>
    (opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    }));
  return Object.assign(use, { ifUsed: async () => opened });
}
