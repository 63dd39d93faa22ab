/** Tells which pollers of a queue, as the Temporal server lists them, belong to processes that still poll. */

/**
 * Greatest age of a poll that is counted, in milliseconds. A worker polls every minute and the server remembers polls for
 * five minutes, so counting only fresh ones detects a killed worker sooner.
 */
const POLLER_FRESH_MS = 75_000;

/** The part of a poller in the server's answer that is read here. */
interface Poller {
  readonly identity?: string | null | undefined;
  readonly lastAccessTime?: { readonly seconds?: { toString(): string } | null } | null | undefined;
}

/**
 * Returns the identities of the processes that polled lately, each once.
 *
 * @param nowMs - current time in milliseconds since 1970
 */
export function pollingProcesses(pollers: readonly Poller[], nowMs: number): ReadonlySet<string> {
  const oldest = (nowMs - POLLER_FRESH_MS) / 1000;
  return new Set(
    pollers
      .filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) >= oldest)
      .map(({ identity }) => identity ?? ''),
  );
}
