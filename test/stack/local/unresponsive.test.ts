import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../../stack/ports.ts';
import type { ManagedProcess } from '../../../stack/processes/managed-process.ts';
import { keepNodeProcess } from '../../../stack/processes/node-process.ts';

let folder: string;
let managed: ManagedProcess | undefined;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-unresponsive-'));
  lines = [];
});
afterEach(async () => {
  await managed?.stop(0);
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the process, and waits until it is ready. */
async function started(): Promise<ManagedProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  managed = await keepNodeProcess({
    name: 'worker',
    entry: path.join(import.meta.dirname, 'fixtures', 'worker.ts'),
    env: { ...process.env, STATE_DIR: folder, HEALTH_PORT: String(port) },
    logFile: path.join(folder, 'worker.log'),
    readyUrl: url,
    liveUrl: url,
    graceMs: 1_000,
    log: (line) => lines.push(line),
  });
  await managed.ready();
  return managed;
}

const startedAgain = () => expect.poll(() => managed?.restarts, { timeout: 40_000, interval: 200 }).toBe(1);

describe('a process that does not answer', () => {
  it('is killed after 15 s and started again, and one that answers again in time is left alone', async () => {
    const worker = await started();
    await sleep(3_500); // it has answered a look
    const { pid } = worker;
    worker.kill('SIGSTOP');
    await sleep(5_000);
    worker.kill('SIGCONT');
    await sleep(6_500);
    expect(worker).toMatchObject({ pid, restarts: 0 });
    const stoppedAt = Date.now();
    worker.kill('SIGSTOP');
    await startedAgain();
    expect(Date.now() - stoppedAt).toBeGreaterThan(12_000);
    await worker.ready();
    expect(worker.pid).not.toBe(pid);
    expect(lines).toContain('worker does not answer its health; killing it');
  });

  it('is killed too when it stops before a look at its health has been answered', async () => {
    const worker = await started();
    worker.kill('SIGSTOP');
    await startedAgain();
    await worker.ready();
    expect(lines).toContain('worker does not answer its health; killing it');
  });
});
