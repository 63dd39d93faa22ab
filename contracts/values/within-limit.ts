/** Puts a limit on the time of work that cannot be aborted. */

/** Work has not ended in its time. */
export class TimeIsUp extends Error {
  override readonly name = 'TimeIsUp';

  constructor(limitMs: number) {
    super(`no answer within ${limitMs} ms`);
  }
}

/**
 * Waits for work, at most for a time. What comes after the limit is dropped, errors included.
 *
 * @param limitMs - in milliseconds
 * @param late - makes the error for work that is late @defaultValue a {@link TimeIsUp}
 * @throws what the work throws, or what `late` makes
 */
export async function withinLimit<T>(
  work: () => Promise<T>,
  limitMs: number,
  late: () => Error = () => new TimeIsUp(limitMs),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), limitMs);
  });
  try {
    return await Promise.race([work(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
