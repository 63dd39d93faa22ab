/**
 * Records outcomes, many in one statement and without delay, because a message whose outcome is not recorded when the
 * process dies is sent again.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** The part of a ledger that records outcomes. */
interface Outcomes<Settlement> {
  settle(settlements: readonly Settlement[], claim: string): Promise<void>;
}

/** Collects settlements and writes them together. */
export interface Settler<Settlement> {
  add(settlement: Settlement): void;
  /**
   * Resolves when everything is written.
   * @throws the first error of a write
   */
  flush(): Promise<void>;
}

/**
 * Longest time that an outcome waits for others to share its statement, in milliseconds. Together with the statement
 * itself, this is how long a message can be sent but not recorded.
 */
const MAX_WAIT_MS = 5;

/** Creates the settler of one claim. */
export function createSettler<Settlement>(ledger: Outcomes<Settlement>, claim: string): Settler<Settlement> {
  let waiting: Settlement[] = [];
  let writing: Promise<void> | undefined;
  let failed: { readonly error: unknown } | undefined;

  const write = async (): Promise<void> => {
    await sleep(MAX_WAIT_MS);
    while (waiting.length > 0) {
      const due = waiting;
      waiting = [];
      await ledger.settle(due, claim);
    }
  };
  const start = (): void => {
    writing ??= write()
      .catch((error: unknown) => {
        failed ??= { error };
      })
      .finally(() => {
        writing = undefined;
      });
  };
  return {
    add: (settlement) => {
      waiting.push(settlement);
      start();
    },
    flush: async () => {
      while (failed === undefined && (writing !== undefined || waiting.length > 0)) {
        start();
        await writing;
      }
      if (failed !== undefined) throw failed.error;
    },
  };
}
