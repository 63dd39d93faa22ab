/** Stripe's own mock, which checks requests against Stripe's OpenAPI document; built with Go and kept beside `temporal`. */
import { execFile, spawn } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { defaultCacheDir } from '../../../stack/temporal/binary.ts';

const VERSION = '0.203.0';
const BUILD_WITHIN_MS = 10 * 60_000;

/** Whether this machine can build it. */
export async function hasGo(): Promise<boolean> {
  return promisify(execFile)('go', ['version']).then(
    () => true,
    () => false,
  );
}

/** A running mock. */
export interface StripeMock {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the mock on a port of its own. */
export async function startStripeMock(): Promise<StripeMock> {
  const program = await build();
  const port = await freePort();
  const process = spawn(program, ['-http-port', String(port)], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => process.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${String(port)}`;
  for (let tries = 0; tries < 200; tries += 1) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) break;
    await sleep(50);
  }
  return {
    url,
    stop: async () => {
      process.kill();
      await ended;
    },
  };
}

async function build(): Promise<string> {
  const folder = path.join(defaultCacheDir(), `stripe-mock-${VERSION}`);
  const program = path.join(folder, 'stripe-mock');
  const isBuilt = await access(program).then(
    () => true,
    () => false,
  );
  if (isBuilt) return program;
  await mkdir(folder, { recursive: true });
  await promisify(execFile)('go', ['install', `github.com/stripe/stripe-mock@v${VERSION}`], {
    env: { ...globalThis.process.env, GOBIN: folder },
    timeout: BUILD_WITHIN_MS,
  });
  return program;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  await new Promise((resolve) => server.close(resolve));
  return port;
}
