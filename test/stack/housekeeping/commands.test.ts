/** The whole product: health with real mail, and the commands against a running stack. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HealthReport } from '../../../contracts/housekeeping/schema.ts';
import { startTestStack, type TestStack } from '../../support/servers/stack.ts';

const run = promisify(execFile);
const projectDir = path.resolve(import.meta.dirname, '../../..');
let world: TestStack;
let stateDir: string;

beforeAll(async () => {
  world = await startTestStack({
    components: ['temporal', 'postgres', 'inbox', 'worker', 'api'],
    env: { ADMIN_EMAIL: 'admin@example.com', OCR_PROCESSES: '1', DISK_MIN_FREE_PERCENT: '0' },
  });
  stateDir = path.dirname(world.inbox);
});
afterAll(() => world.stop());

interface Message {
  readonly subject: string;
  readonly to: readonly string[];
}

async function emails(): Promise<Message[]> {
  const answer = await fetch(`${world.stack.addresses.inbox ?? ''}/messages`);
  const body = (await answer.json()) as { messages: Message[] }; // the inbox's own API
  return body.messages;
}

const subjects = async () => (await emails()).map(({ subject }) => subject).sort();

async function check(): Promise<HealthReport> {
  const job = await world.client.housekeeping.run('checkHealth');
  return job.result({ timeoutMs: 60_000 });
}

async function perennial(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [path.join(projectDir, 'cli/perennial.mjs'), ...args], {
    cwd: stateDir,
    env: { ...process.env, STATE_DIR: stateDir },
  });
  return stdout;
}

describe('HEALTH-6 EMAIL-8 health, with mail that really leaves', () => {
  it('HEALTH-6 EMAIL-8 tells the administrator once when it turns unhealthy and once when it has recovered', async () => {
    expect(await check()).toMatchObject({ status: 'healthy', checks: { database: 'ok', blobs: 'ok', workers: 'ok' } });
    expect(await subjects()).toEqual([]);

    // The disk with the blobs is gone.
    const blobs = path.join(stateDir, 'blobs');
    await rename(blobs, `${blobs}.away`);
    await writeFile(blobs, 'not a folder');
    for (let n = 0; n < 3; n += 1) {
      const report = await check();
      expect(report.status).toBe('unhealthy');
      expect(report.checks['blobs']).toMatch(/^error: /);
    }
    expect(await subjects()).toEqual(['System Health Check Failed']);

    await rm(blobs);
    await rename(`${blobs}.away`, blobs);
    for (let n = 0; n < 2; n += 1) expect(await check()).toMatchObject({ status: 'healthy' });
    expect(await subjects()).toEqual(['System Health Check Failed', 'System Health Check Recovered']);
    expect((await emails()).every(({ to }) => to.includes('admin@example.com'))).toBe(true);
  });

  it('HEALTH-6 a dry run only looks: nothing is kept and nobody is told', async () => {
    const before = await world.database.query('select checked_at from health_state');
    const job = await world.client.housekeeping.run('checkHealth', { dryRun: true });
    expect(await job.result({ timeoutMs: 60_000 })).toMatchObject({ status: 'healthy' });
    expect(await world.database.query('select checked_at from health_state')).toEqual(before);
  });
});

describe('CLEAN-1 CLEAN-5 by command and over HTTP', () => {
  it('CLEAN-1 the command and the route clean the folder of temporary files', async () => {
    const old = path.join(stateDir, 'tmp', 'old.bin');
    await mkdir(path.dirname(old), { recursive: true });
    await writeFile(old, Buffer.alloc(1024 * 1024));
    await utimes(old, 1, 1);
    const dry = JSON.parse(await perennial('housekeeping', 'cleanup_temp_files', '--dry-run', '--json')) as object;
    expect(dry).toMatchObject({ dry_run: true, deleted_files: 1, freed_space_mb: 1 });
    const answer = await fetch(`${world.stack.addresses.api ?? ''}/v1/housekeeping/cleanupTempFiles`, {
      method: 'POST',
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { status: 'completed', result: { dry_run: false, deleted_files: 1 } },
    ]);
    expect(await readdir(path.dirname(old))).toEqual([]);
    expect(await perennial('housekeeping', 'monitor_queue_lengths')).toMatch(/queues documents\.ocr workers\s+1/);
  });

  it('CLEAN-5 backup and restore by command', async () => {
    await world.database.query(`insert into users (id, email) values ('anna', 'anna@example.com')`);
    await perennial('backup', '--file', 'copy.gz');
    const listed = JSON.parse(await perennial('backup', '--list', '--json')) as { key: string }[];
    const stored = await readFile(path.join(stateDir, 'blobs', listed[0]?.key ?? ''));
    expect(await readFile(path.join(stateDir, 'copy.gz'))).toEqual(stored);
    const target = new URL(world.stack.addresses.database);
    target.pathname = '/copy';
    const report = JSON.parse(await perennial('restore', 'copy.gz', '--into', target.href, '--json')) as object;
    expect(report).toMatchObject({ migrated: [] });
    await expect(perennial('restore', 'copy.gz', '--into', target.href)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('empty database') as string,
    });
  });
});
