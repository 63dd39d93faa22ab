import { execFile } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FREE_PORTS } from '../../support/servers/stack.ts';
import { loadConfig } from '../../../config/load.ts';
import { projectDir } from '../../../config/project.ts';
import { exitCodes } from '../../../contracts/values/exit-codes.ts';
import { lineReporter } from '../../../stack/reporter.ts';
import { startStack, type Stack } from '../../../stack/supervisor.ts';

let stateDir: string;
let stack: Stack;
const lines: string[] = [];

beforeAll(async () => {
  stateDir = mkdtempSync(path.join(tmpdir(), 'perennial-readiness-'));
  // As an earlier version left it.
  mkdirSync(path.join(stateDir, 'blobs', 'old'), { recursive: true });
  writeFileSync(path.join(stateDir, 'blobs', 'old', 'scan'), 'x');
  chmodSync(path.join(stateDir, 'blobs', 'old', 'scan'), 0o644);
  chmodSync(path.join(stateDir, 'blobs', 'old'), 0o755);
  process.umask(0o022);
  stack = await startStack({
    config: loadConfig({ STATE_DIR: stateDir, SHUTDOWN_GRACE_MS: '2000', SCHEDULES_SYNC: 'false', ...FREE_PORTS }),
    log: lineReporter((line) => lines.push(line)),
    postgresSettings: { fsync: 'off' },
  });
});
afterAll(async () => {
  await stack.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

async function readyStatus(): Promise<number> {
  const response = await fetch(`${stack.addresses.api ?? ''}/health/ready`);
  await response.body?.cancel();
  return response.status;
}

/** Everything below a folder that somebody else than its owner may read, write or enter. */
function openToOthers(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    const facts = lstatSync(file, { throwIfNoEntry: false });
    if (facts === undefined || facts.isSymbolicLink()) return [];
    const own = (facts.mode & 0o077) === 0 ? [] : [`${path.relative(stateDir, file)} ${facts.mode.toString(8)}`];
    return facts.isDirectory() ? [...own, ...openToOthers(file)] : own;
  });
}

describe('a running stack', () => {
  it('keeps everything in its state folder to its owner, also what it found there', async () => {
    await expect.poll(readyStatus, { timeout: 30_000 }).toBe(200);
    expect(readdirSync(stateDir)).toEqual(
      expect.arrayContaining(['temporal.db', 'postgres', 'logs', 'blobs', 'mailbox']),
    );
    expect(lstatSync(stateDir).mode & 0o077).toBe(0);
    expect(openToOthers(stateDir)).toEqual([]);
  });

  it('has a command that writes files for its user alone, whatever the shell allows', async () => {
    const list = path.join(stateDir, 'inbox', 'people.csv');
    const rejects = path.join(stateDir, 'rejects.csv');
    mkdirSync(path.dirname(list), { recursive: true });
    writeFileSync(list, 'id,name,email\n1,Ada,not an address\n');
    const launcher = path.join(projectDir, 'cli/perennial.mjs');
    const args = ['import', list, '--schema', 'users', '--rejects', rejects];
    const importing = promisify(execFile)(
      'sh',
      ['-c', 'umask 022; exec "$@"', '-', process.execPath, launcher, ...args],
      {
        env: { ...process.env, STATE_DIR: stateDir },
      },
    );
    await expect(importing).rejects.toMatchObject({ code: exitCodes.failed }); // one row was not imported
    expect(readFileSync(rejects, 'utf8')).toContain('2,email,');
    expect(lstatSync(rejects).mode & 0o777).toBe(0o600);
  });

  it('is not ready within seconds when its worker is stopped, and is again when the supervisor has replaced it', async () => {
    await expect.poll(readyStatus, { timeout: 30_000 }).toBe(200);
    const worker = stack.processes['worker'];
    const stoppedAt = Date.now();
    worker?.kill('SIGSTOP');
    await expect.poll(readyStatus, { timeout: 12_000, interval: 500 }).toBe(503);
    await expect.poll(() => worker?.restarts, { timeout: 60_000, interval: 500 }).toBe(1);
    await worker?.ready();
    await expect.poll(readyStatus, { timeout: 60_000, interval: 500 }).toBe(200);
    expect(Date.now() - stoppedAt).toBeLessThan(120_000);
    expect(lines).toContain('· worker does not answer its health; killing it');
  });

  it('is not ready within seconds when its worker is killed and does not come back', async () => {
    await stack.processes['worker']?.stop(0);
    await expect.poll(readyStatus, { timeout: 5_000, interval: 200 }).toBe(503);
  });
});
