/** Which TCP ports of this machine are free. */
import { connect, createServer, type AddressInfo } from 'node:net';

const HOST = '127.0.0.1';
const HIGHEST = 65_535;

/** Says whether something answers on a port of this machine. */
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

/** Says whether a server could be started on a port. Asks twice: some systems let two servers bind one port. */
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

/** A free port that the system chooses. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const { port } = server.address() as AddressInfo; // a listening TCP server has one
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/** The wanted port, or the next free one above it; 0 asks the system. `taken` are spoken for already. */
export async function nextFreePort(wanted: number, taken: readonly number[] = []): Promise<number> {
  if (wanted === 0) return freePort();
  for (let port = wanted; port <= Math.min(wanted + 200, HIGHEST); port += 1) {
    if (!taken.includes(port) && (await isPortFree(port))) return port;
  }
  return freePort();
}
