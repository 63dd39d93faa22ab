/** Finds free TCP ports of this machine. */
import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

const HOST = '127.0.0.1';
const HIGHEST = 65_535;
const LOWEST_FREE = 15_000;
const LOWEST_EPHEMERAL = 32_768;

/** Tells whether a server answers on a port of this machine. */
export function isListening(port: number, timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    const answer = (listening: boolean): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.setTimeout(timeoutMs, () => {
      answer(false);
    });
    socket.once('connect', () => {
      answer(true);
    });
    socket.once('error', () => {
      answer(false);
    });
  });
}

/** Tells whether a server can be started on a port. It also tries to connect, because some systems let two servers bind one port. */
export async function isPortFree(port: number): Promise<boolean> {
  if (await isListening(port)) return false;
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, HOST, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/**
 * Returns a random free port below the ephemeral ports of systems (from 32,768 on Linux, 49,152 elsewhere), because an
 * outgoing connection could take an ephemeral port before the server has started.
 */
export async function freePort(taken: readonly number[] = []): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST_FREE, LOWEST_EPHEMERAL);
    if (!taken.includes(port) && (await isPortFree(port))) return port;
  }
}

/** Returns the preferred port or the next free one above it; any free one for 0. Ports in `taken` are reserved. */
export async function nextFreePort(wanted: number, taken: readonly number[] = []): Promise<number> {
  if (wanted === 0) return freePort(taken);
  for (let port = wanted; port <= Math.min(wanted + 200, HIGHEST); port += 1) {
    if (!taken.includes(port) && (await isPortFree(port))) return port;
  }
  return freePort(taken);
}
