/** The object store of docker-compose.yml as a process of a test: the same command, on ports and in a folder of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { freePort } from '../../../stack/ports.ts';
import { defaultCacheDir } from '../../../stack/temporal/binary.ts';

const run = promisify(execFile);
const REPOSITORY = path.resolve(import.meta.dirname, '../../..');

/** The key that the application has in the test. */
export const SECRET_KEY = 'a0b1c2d3e4f5a6b7';

/** The command of the store, on PATH or in our cache; `undefined` where nobody has built it (`npm run object-store`). */
export const weed: string | undefined = [...(process.env['PATH'] ?? '').split(path.delimiter), defaultCacheDir()]
  .map((folder) => path.join(folder, 'weed'))
  .find((file) => existsSync(file));

/** A store that runs. */
export interface ObjectStore {
  readonly endpoint: string;
  stop(): Promise<void>;
}

interface Compose {
  readonly services: Readonly<Record<string, { readonly command: readonly string[] }>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

/** Starts the store and makes its bucket as the installation does, with ops/object-store.sh. */
export async function startObjectStore(binary: string): Promise<ObjectStore> {
  const compose = parse(readFileSync(path.join(REPOSITORY, 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose; // our own file
  const folder = mkdtempSync(path.join(tmpdir(), 'perennial-object-store-'));
  const identities = path.join(folder, 'identities.json');
  const secret = /\$\{S3_SECRET_KEY[^}]*\}/;
  writeFileSync(identities, compose.configs['object-store-identities']!.content.replace(secret, SECRET_KEY));
  const [s3, master, volume, filer] = await somePorts();
  const moved: Readonly<Record<string, string>> = {
    '-dir': folder,
    '-s3.config': identities,
    '-s3.port': String(s3),
    '-s3.ip.bind': '127.0.0.1',
  };
  const args = compose.services['object-store']!.command.map((argument) => {
    const [name] = argument.split('=');
    return moved[name!] === undefined ? argument : `${name!}=${moved[name!]!}`;
  });
  args.push(`-master.port=${String(master)}`, `-volume.port=${String(volume)}`, `-filer.port=${String(filer)}`);
  const child = spawn(binary, args, { cwd: folder, stdio: 'ignore', env: { TMPDIR: folder, HOME: folder } });
  const endpoint = `http://127.0.0.1:${String(s3)}`;
  await untilReady(`${endpoint}/status`, child);
  await run('sh', [path.join(REPOSITORY, 'ops/object-store.sh')], {
    env: {
      PATH: `${path.dirname(binary)}:${process.env['PATH'] ?? ''}`,
      S3_BUCKET: 'perennial',
      MASTER: `127.0.0.1:${String(master)}`,
    },
  });
  return {
    endpoint,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Each part of the store listens on a port and on that plus 10,000. */
async function somePorts(): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < 4) {
    const port = await freePort(ports);
    if (port < 55_000) ports.push(port);
  }
  return ports;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) throw new Error(`expected the object store to start, it ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(200);
  }
  throw new Error(`expected ${url} to answer within a minute`);
}
