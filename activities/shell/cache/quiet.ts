/** Operations that do without the store where it does not answer: a cache may make work faster, never fail it. */

/** Takes lines of a log. */
export interface CacheLog {
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Runs an operation; where it fails, writes a line to the log and returns the neutral value. */
export type Quiet = <T>(operation: string, neutral: T, work: () => Promise<T>) => Promise<T>;

/** Makes {@link Quiet}. Lines hold no keys, no values and no messages, because a message may quote them. */
export function quietWith(log: CacheLog): Quiet {
  return async (operation, neutral, work) => {
    try {
      return await work();
    } catch (error) {
      const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
      log.warn('the cache did without an operation that failed', { operation, error: String(code ?? name) });
      return neutral;
    }
  };
}
