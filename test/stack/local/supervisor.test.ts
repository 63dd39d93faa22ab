import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import type { Environment } from '../../../config/reading.ts';
import { freePort } from '../../../stack/ports.ts';
import { lineReporter } from '../../../stack/reporter.ts';
import { isAlive, readStack } from '../../../stack/state.ts';
import { startStack, StackRunningError, type Stack, type StackOptions } from '../../../stack/supervisor.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, 'fixtures', name);
const entries = { worker: fixture('worker.ts'), api: fixture('api.ts') };

let stateDir: string;
let stacks: Stack[];
let lines: string[];

beforeEach(() => {
  stateDir = mkdtempSync(path.join(tmpdir(), 'perennial-stack-'));
  stacks = [];
  lines = [];
});
afterEach(async () => {
  await Promise.all(stacks.map((stack) => stack.stop(true)));
  rmSync(stateDir, { recursive: true, force: true });
});

const env = (extra: Environment = {}): Record<string, string | undefined> => ({
  STATE_DIR: stateDir,
  TEMPORAL_PORT: '0',
  UI_PORT: '0',
  API_PORT: '0',
  HEALTH_PORT: '0',
  INBOX_PORT: '0',
  INBOX_SMTP_PORT: '0',
  SHUTDOWN_GRACE_MS: '2000',
  ...extra,
});

async function start(options: Partial<StackOptions> = {}, extra: Environment = {}): Promise<Stack> {
  const log = lineReporter((line) => lines.push(line));
  const stack = await startStack({
    config: loadConfig(env(extra)),
    log,
    entries,
    postgresSettings: { fsync: 'off' },
    ...options,
  });
  stacks.push(stack);
  return stack;
}

async function told(address: string | undefined): Promise<Record<string, unknown>> {
  const response = await fetch(address ?? '');
  return (await response.json()) as Record<string, unknown>; // the fixture answers with an object
}

async function answers(address = ''): Promise<boolean> {
  return fetch(address).then(
    () => true,
    () => false,
  );
}

async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`expected within ${String(limitMs)} ms: ${what}`);
    await sleep(50);
  }
}

describe('startStack', () => {
  it('starts everything in order, tells where it is, and stops all of it', async () => {
    const stack = await start();
    expect(Object.keys(stack.processes)).toEqual(['temporal', 'postgres', 'inbox', 'worker', 'api']);
    const { addresses } = stack;
    expect(await told(addresses.api)).toMatchObject({
      temporal: addresses.temporal,
      database: addresses.database,
      timeZone: 'UTC',
      smtp: addresses.smtp,
    });
    expect((await fetch(`${addresses.inbox ?? ''}/messages`)).status).toBe(200);
    expect(readStack(stateDir)).toMatchObject({ pid: process.pid, addresses });
    expect(statSync(path.join(stateDir, 'stack.json')).mode & 0o077).toBe(0);
    const pids = Object.values(stack.processes).map(({ pid }) => pid ?? 0);
    expect(pids.every(isAlive)).toBe(true);
    await stack.stop();
    expect(pids.some(isAlive)).toBe(false);
    expect(readStack(stateDir)).toBeUndefined();
    expect(readFileSync(path.join(stateDir, 'logs', 'worker.log'), 'utf8')).toContain('goodbye');
  });

  it('brings back each part that is killed, at the same address', async () => {
    const stack = await start();
    for (const [name, managed] of Object.entries(stack.processes)) {
      const before = managed.pid;
      managed.kill();
      await until(`${name} to end`, () => managed.pid !== before);
      await managed.ready();
      expect(managed.pid, name).not.toBe(before);
      expect(managed.restarts, name).toBe(1);
    }
    expect((await told(stack.addresses.api))['pid']).toBe(stack.processes['api']?.pid);
    expect(lines.join('\n')).toContain('worker ended (SIGKILL); starting it again');
    const { worker } = stack.processes;
    expect(worker?.ownEnds).toEqual([]);
    process.kill(worker?.pid ?? 0, 'SIGKILL'); // by somebody else than the supervisor
    await until('worker to end', () => worker?.restarts === 2);
    expect(worker?.ownEnds).toEqual(['SIGKILL']);
  });

  it('restarts a part on request without calling it an accident', async () => {
    const stack = await start({
      workers: [
        { name: 'first', fleet: 'workflows' },
        { name: 'second', fleet: 'documents' },
      ],
    });
    const [first, second] = [stack.processes['first'], stack.processes['second']];
    const before = [first?.pid, second?.pid];
    await first?.restart();
    expect(first?.pid).not.toBe(before[0]);
    expect(second?.pid).toBe(before[1]);
    expect((await told(stack.addresses.workers['first']))['pid']).toBe(first?.pid);
    expect(lines.join('\n')).not.toContain('starting it again');
  });

  it('refuses a second stack in the same folder and names the first', async () => {
    const components = ['postgres', 'api'] as const;
    const address = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    await start({ components }, address);
    const second = start({ components }, address);
    await expect(second).rejects.toBeInstanceOf(StackRunningError);
    await expect(second).rejects.toMatchObject({ record: { pid: process.pid } });
  });

  it('gives up on a part that cannot run, says why, and stops the rest', async () => {
    process.env['FIXTURE_FAILS'] = '1';
    try {
      await expect(start()).rejects.toThrow(/worker cannot run with this configuration:\nfixture cannot run/);
    } finally {
      delete process.env['FIXTURE_FAILS'];
    }
    expect(readStack(stateDir)).toBeUndefined();
  });

  it('gives up on a part that dies at every start and shows its last words', async () => {
    const components = ['postgres', 'api'] as const;
    const attempt = start({ components, entries: { api: fixture('dies.ts') } }, { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    await expect(attempt).rejects.toThrow(/api ends whenever it is started[^]*cannot go on/);
  });

  it('can be interrupted while it starts', async () => {
    const controller = new AbortController();
    const log = lineReporter((line) => {
      if (line.includes('PostgreSQL is ready')) controller.abort(new Error('interrupted'));
    });
    await expect(start({ log, signal: controller.signal })).rejects.toThrow('interrupted');
  });

  it('goes on when nobody reads what it says; killed, it leaves servers for the next start and nothing else', async () => {
    const wanted = await freePort();
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), fixture('supervisor.ts')], {
      env: { ...process.env, ...env({ TEMPORAL_PORT: String(wanted) }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pids = await new Promise<Record<string, number>>((resolve) => {
      child.stdout.once('data', (chunk: Buffer) => {
        resolve(JSON.parse(chunk.toString()) as Record<string, number>);
      }); // the fixture prints an object
    });
    child.stdout.destroy();
    child.stderr.destroy();
    process.kill(pids['worker'] ?? 0, 'SIGKILL'); // the supervisor says so, to nobody
    const { worker } = readStack(stateDir)?.addresses.workers ?? {};
    await until('the worker to run again', async () => !isAlive(pids['worker'] ?? 0) && (await answers(worker)));
    child.kill('SIGKILL');
    await until(
      'worker and API to follow their supervisor',
      () => !isAlive(pids['worker'] ?? 0) && !isAlive(pids['api'] ?? 0),
    );
    expect(isAlive(pids['temporal'] ?? 0)).toBe(true);
    const stack = await start();
    expect(stack.processes['temporal']?.pid).toBe(pids['temporal']);
    expect(stack.processes['postgres']?.pid).toBe(pids['postgres']);
    expect(stack.addresses.temporal).toBe(`127.0.0.1:${String(wanted)}`);
    await stack.stop();
    expect(Object.values(pids).some(isAlive)).toBe(false);
  });
});
