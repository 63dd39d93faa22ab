/** Requests to the server, each with a deadline and documented errors. */
import { setMaxListeners } from 'node:events';
import type { Client } from '@temporalio/client';
import type { KeyRing } from '../../payloads/key-ring.ts';
import { Closed, isOutOfTime, translateError, Unavailable } from './errors.ts';

/** Sends requests with a deadline. */
export interface Rpc {
  readonly client: Client;
  readonly address: string;
  /** Keys of sealed values; `undefined` where the caller has none. */
  readonly sealKeys: KeyRing | undefined;
  /**
   * Sends one request; it throws only the documented errors, and `Closed` once the client is closed.
   *
   * @param id - job that the request is about, for the error
   */
  call<T>(id: string, run: (client: Client) => Promise<T>, deadlineMs?: number): Promise<T>;
  /**
   * Sends one request as {@link call}, and sends it again when no answer comes within a few seconds. The server leaves a
   * request about a schedule that is deleted at that moment without an answer.
   *
   * @param run - may run more than once, so it must be a question, or give the same twice
   */
  ask<T>(id: string, run: (client: Client) => Promise<T>): Promise<T>;
  /** Ends every current and later request and wait with `Closed`. */
  close(): void;
}

/** Time for which a request that may be lost waits for its answer, in milliseconds. */
const ANSWER_MS = 3_000;

/**
 * Makes the sender of requests over a connection.
 *
 * @param deadlineMs - default deadline of a request
 * @param sealKeys - keys of sealed values
 */
export function createRpc(client: Client, address: string, deadlineMs: number, sealKeys?: KeyRing): Rpc {
  /** Each call has its own controller, because a connection keeps its listeners on a shared signal for ever. */
  const underWay = new Set<AbortController>();
  let closed = false;
  const call: Rpc['call'] = async (id, run, limitMs = deadlineMs) => {
    if (closed) throw new Closed();
    const stop = new AbortController();
    // A wait or a list sends many requests, and the connection leaves a listener for each until the signal is collected.
    setMaxListeners(0, stop.signal);
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
  };
  return {
    client,
    address,
    sealKeys,
    call,
    ask: (id, run) => call(id, () => asked(client, run, Date.now() + deadlineMs)),
    close: () => {
      closed = true;
      for (const stop of underWay) stop.abort();
    },
  };
}

async function asked<T>(client: Client, run: (client: Client) => Promise<T>, giveUpAt: number): Promise<T> {
  for (;;) {
    try {
      return await client.withDeadline(Math.min(Date.now() + ANSWER_MS, giveUpAt), () => run(client));
    } catch (error) {
      if (!isOutOfTime(error) || Date.now() >= giveUpAt) throw error;
    }
  }
}

/** Waits until the time has passed or the signal is aborted; it does not throw, so the caller checks the signal. */
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

/** Time for which a wait continues without an answer, in milliseconds. */
export const PATIENCE_MS = 60_000;

/**
 * Repeats a request until it returns a value, and tolerates an unreachable server for a while, because jobs survive its
 * restarts.
 *
 * @throws Unavailable there was no answer for `patienceMs`
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
