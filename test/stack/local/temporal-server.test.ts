import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../../stack/ports.ts';
import { isAlive } from '../../../stack/state.ts';
import { findTemporal } from '../../../stack/temporal/binary.ts';
import { isServing, startTemporalServer, type TemporalServer } from '../../../stack/temporal/server.ts';

let binary: string;
let stateDir: string;
let started: TemporalServer[];
const lines: string[] = [];

beforeAll(async () => {
  binary = (await findTemporal({ log: (line) => lines.push(line) })).path;
}, 600_000);
beforeEach(() => {
  stateDir = mkdtempSync(path.join(tmpdir(), 'perennial-temporal-'));
  started = [];
  lines.length = 0;
});
afterEach(async () => {
  await Promise.all(started.map((server) => server.stop()));
  rmSync(stateDir, { recursive: true, force: true });
});

async function start(port = 0, uiPort = 0): Promise<TemporalServer> {
  const server = await startTemporalServer({ binary, stateDir, port, uiPort, log: (line) => lines.push(line) });
  started.push(server);
  return server;
}

async function withClient<T>(address: string, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

const startWorkflow = (address: string, workflowId: string) =>
  withClient(address, (client) => client.workflow.start('nobodyServesThis', { workflowId, taskQueue: 'none' }));
const statusOf = (address: string, workflowId: string) =>
  withClient(address, async (client) => (await client.workflow.getHandle(workflowId).describe()).status.name);

describe('startTemporalServer', () => {
  it('serves with its Web UI, ends when told, and keeps its state', async () => {
    const first = await start();
    expect((await fetch(first.uiUrl)).status).toBe(200);
    const id = randomUUID();
    await startWorkflow(first.address, id);
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start(first.port, first.uiPort);
    expect(second).toMatchObject({ reused: false, port: first.port });
    expect(await statusOf(second.address, id)).toBe('RUNNING');
  });

  it('keeps its state when it is killed', async () => {
    const first = await start();
    const id = randomUUID();
    await startWorkflow(first.address, id);
    process.kill(first.pid, 'SIGKILL');
    await first.process.ended;
    expect(await statusOf((await start()).address, id)).toBe('RUNNING');
  });

  it.each([
    { powerSafe: undefined, pragma: 'synchronous=NORMAL' },
    { powerSafe: true, pragma: 'synchronous=FULL' },
  ])(
    'writes through to the disk where it is to be safe from a power failure: $powerSafe',
    async ({ powerSafe, pragma }) => {
      const server = await startTemporalServer({
        binary,
        stateDir,
        port: 0,
        uiPort: 0,
        ...(powerSafe && { powerSafe }),
      });
      started.push(server);
      const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(server.pid)]);
      expect(stdout).toContain(pragma);
    },
  );

  it('finds the server that runs already on the same state folder', async () => {
    const first = await start();
    const second = await start();
    expect(second).toMatchObject({ reused: true, pid: first.pid, port: first.port });
    await second.stop();
    expect(isAlive(first.pid)).toBe(false);
  });

  it('starts one server when two ask at once', async () => {
    const [a, b] = await Promise.all([start(), start()]);
    expect(a.pid).toBe(b.pid);
    expect([a.reused, b.reused].sort()).toEqual([false, true]);
  });

  it('takes the next port and says so when another program has the wanted one', async () => {
    const wanted = await freePort();
    const other = createServer().listen(wanted, '127.0.0.1');
    try {
      const server = await start(wanted);
      expect(server.port).not.toBe(wanted);
      expect(lines.join('\n')).toContain(
        `port ${String(wanted)} is used by another program; using ${String(server.port)}`,
      );
    } finally {
      other.close();
    }
  });

  it('tries other ports when one is taken between the look and the start', async () => {
    const pretender = path.join(stateDir, 'temporal-that-comes-too-late');
    const taken = 'listen tcp 127.0.0.1:1: bind: address already in use';
    writeFileSync(
      pretender,
      `#!/bin/sh\n[ -e "$0.ran" ] && exec '${binary}' "$@"\ntouch "$0.ran"; echo '${taken}' >&2; exit 1\n`,
      { mode: 0o755 },
    );
    const server = await startTemporalServer({ binary: pretender, stateDir, port: 0, uiPort: 0 });
    started.push(server);
    expect(await isServing(server.address)).toBe(true);
  });

  it('switches priorities and fairness on', async () => {
    const { pid } = await start();
    const command = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0');
    expect(command).toContain('matching.useNewMatcher=true');
    expect(command).toContain('matching.enableFairness=true');
    expect(command).not.toContain('--headless');
  });

  it('says what happened when the server does not start', async () => {
    const attempt = startTemporalServer({ binary: '/bin/false', stateDir, port: 0, uiPort: 0 });
    await expect(attempt).rejects.toThrow(/did not start: it ended with exit code 1/);
    await expect(startTemporalServer({ binary: '/no/such/file', stateDir, port: 0, uiPort: 0 })).rejects.toThrow(
      'could not be started',
    );
  });
});
