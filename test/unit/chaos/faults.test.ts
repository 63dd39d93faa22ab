/** What chaos does to connections and disks, on real ones. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBlobStore } from '../../../services/blobs/open.ts';
import { refuseWrites } from '../../../stack/chaos/disk.ts';
import { openWire, splitAddress, type Wire } from '../../../stack/chaos/wire.ts';

describe('a wire', () => {
  let server: Server;
  let wire: Wire;
  let socket: Socket;
  beforeEach(async () => {
    server = createServer((far) => far.on('error', () => undefined).pipe(far));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    wire = await openWire((server.address() as AddressInfo).port); // it listens
    socket = connect({ host: '127.0.0.1', port: wire.port }).on('error', () => undefined);
  });
  afterEach(async () => {
    socket.destroy();
    await wire.close();
    server.close();
  });

  const echoed = async (): Promise<number> => {
    const from = Date.now();
    socket.write('x');
    await once(socket, 'data');
    return Date.now() - from;
  };

  /** Not `once` of node:events, which rejects for the reset before. */
  const closed = (one: Socket): Promise<unknown> => new Promise((resolve) => one.once('close', resolve));

  it('carries both ways, late when it is slow', async () => {
    await echoed();
    wire.set('slow');
    expect(await echoed()).toBeGreaterThan(250);
    wire.set('through');
    expect(await echoed()).toBeLessThan(250);
  });

  it('carries nothing while it is silent, and all of it afterwards', async () => {
    await echoed();
    wire.set('silent');
    const answer = echoed();
    expect(await Promise.race([answer, sleep(200, 'silent')])).toBe('silent');
    wire.set('through');
    expect(await answer).toBeGreaterThanOrEqual(199);
  });

  it('breaks its connections when it is cut, refuses new ones, and takes them again afterwards', async () => {
    await echoed();
    wire.set('cut');
    await closed(socket);
    const refused = connect({ host: '127.0.0.1', port: wire.port }).on('error', () => undefined);
    await closed(refused);
    wire.set('through');
    socket = connect({ host: '127.0.0.1', port: wire.port });
    await echoed();
  });

  it('leads to a port, whatever the form of the address', () => {
    const moved = (address: string): string => splitAddress(address).withPort(9);
    expect(moved('127.0.0.1:7233')).toBe('127.0.0.1:9');
    expect(moved('postgres://me:secret@127.0.0.1:5432/perennial')).toBe('postgres://me:secret@127.0.0.1:9/perennial');
    expect(moved('smtp://127.0.0.1:1025')).toBe('smtp://127.0.0.1:9');
    expect(splitAddress('postgres://db:5432/perennial').port).toBe(5432);
  });
});

describe('a disk that takes no files', () => {
  it('refuses blobs with StorageUnavailable, gives those that it has, and takes them again afterwards', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'perennial-disk-'));
    const blobs = createBlobStore(pathToFileURL(root).href);
    const kept = await blobs.put('test', Buffer.from('kept'));
    const end = await refuseWrites(root);
    await expect(blobs.put('test', Buffer.from('new'))).rejects.toMatchObject({ type: 'StorageUnavailable' });
    expect(await text(await blobs.open(kept))).toBe('kept');
    await end();
    expect(await text(await blobs.open(await blobs.put('test', Buffer.from('new'))))).toBe('new');
    await rm(root, { recursive: true });
  });
});
