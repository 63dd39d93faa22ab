/** A proxy between the processes of the stack and one of its servers, whose connections can be made to misbehave. */
import { EventEmitter, once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What connections do: carry, carry late, carry nothing, or break. */
export type WireState = 'through' | 'slow' | 'silent' | 'cut';

/** A proxy to one server. */
export interface Wire {
  /** Port of 127.0.0.1 that leads to the server. */
  readonly port: number;
  set(state: WireState): void;
  close(): Promise<void>;
}

/** How late a slow connection carries each piece, in milliseconds. */
const LATE_MS = 150;

/** Opens a proxy to a port of 127.0.0.1. */
export async function openWire(target: number): Promise<Wire> {
  const open = new Set<Socket>();
  let state: WireState = 'through';
  const changes = new EventEmitter<{ changed: [] }>().setMaxListeners(0);

  /** Resolves when a piece may go on. */
  const carried = async (): Promise<void> => {
    if (state === 'slow') await sleep(LATE_MS);
    while (state === 'silent') await once(changes, 'changed');
  };
  const passing = (): Transform =>
    new Transform({
      transform: (piece: Buffer, _encoding, done) => {
        void carried().then(() => {
          done(null, piece);
        });
      },
    });
  const server = createServer((near) => {
    if (state === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ host: '127.0.0.1', port: target });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    // Each end learns of the other's end by its own; an error of a broken connection is what this proxy is for.
    pipeline(near, passing(), far).catch(() => undefined);
    pipeline(far, passing(), near).catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakAll = (): void => {
    for (const socket of open) socket.resetAndDestroy();
  };
  const set = (next: WireState): void => {
    state = next;
    if (next === 'cut') breakAll();
    changes.emit('changed');
  };
  return {
    port: (server.address() as AddressInfo).port, // a server that listens on a port has one
    set,
    close: async () => {
      set('through');
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Splits `host:port` or an URL with a port, so that a proxy can take the place of the port. */
export function splitAddress(address: string): { readonly port: number; readonly withPort: (port: number) => string } {
  const isUrl = address.includes('://');
  const url = new URL(isUrl ? address : `tcp://${address}`);
  return {
    port: Number(url.port),
    withPort: (port) => {
      url.port = String(port);
      return isUrl ? url.href : url.host;
    },
  };
}
