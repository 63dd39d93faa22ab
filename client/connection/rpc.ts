/** One way for all calls to the server: with a deadline, and with errors that callers can tell apart. */
import type { Client } from '@temporalio/client';
import type { KeyRing } from '../../payloads/key-ring.ts';
import { Closed, translateError, Unavailable } from './errors.ts';

/** Makes calls with a deadline. */
export interface Rpc {
  readonly client: Client;
  readonly address: string;
  /** Keys of sealed values; `undefined` where the caller has none. */
  readonly sealKeys: KeyRing | undefined;
  /**
   * Runs one call; everything it throws is one of the documented errors, `Closed` once the client is closed.
   *
   * @param id - the job that the call is about, for the error
   */
  call<T>(id: string, run: (client: Client) => Promise<T>, deadlineMs?: number): Promise<T>;
  /** Ends every call and wait that is under way, and all that come, with `Closed`. */
  close(): void;
}

/**
 * Makes the one way for calls over a connection.
 *
 * @param deadlineMs - for calls that name none
 * @param sealKeys - keys of sealed values
 */
export function createRpc(client: Client, address: string, deadlineMs: number, sealKeys?: KeyRing): Rpc {
  /** One for each call: a connection never forgets whom it told a signal to, so none is shared. */
  const underWay = new Set<AbortController>();
  let closed = false;
  return {
    client,
    address,
    sealKeys,
    async call(id, run, limitMs = deadlineMs) {
      if (closed) throw new Closed();
      const stop = new AbortController();
      underWay.add(stop);
      try {
        return await client.withDeadline(Date.now() + limitMs, () =>
          client.withAbortSignal(stop.signal, () => run(client)),
        );
      } catch (error) {
        throw stop.signal.aborted ? new Closed() : translateError(error, id, address);
      } finally {
        underWay.delete(stop);
      }
    },
    close: () => {
      closed = true;
      for (const stop of underWay) stop.abort();
    },
  };
}

/** Waits, unless the signal ends the wait: then it just returns, and the caller looks at the signal. */
export async function pauseFor(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** How long a wait for a result goes on while nobody answers. */
export const PATIENCE_MS = 60_000;

/**
 * Repeats a look until it gives something, and forgives silence for a while:
 * a job outlives a restart of the server, so a wait for it should too.
 *
 * @throws Unavailable after `patienceMs` without any answer
 */
export async function patiently<T>(look: () => Promise<T>, patienceMs: number, signal?: AbortSignal): Promise<T> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof Unavailable) || Date.now() >= giveUpAt || signal?.aborted) throw error;
      await pauseFor(500, signal);
    }
  }
}
