import { execFileSync } from 'node:child_process';
import { link, lstat, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHouse, type House } from './house.ts';
import { silentLog } from '../../support/silent-log.ts';

let house: House;
let root: string;

beforeAll(async () => {
  house = await startHouse();
  root = house.config.housekeeping.tempDir;
});
afterAll(() => house.stop());
beforeEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const HOUR_S = 3600;
const now = () => Date.now() / 1000;

async function put(name: string, bytes: number, ageHours: number): Promise<void> {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, Buffer.alloc(bytes, 1));
  await age(name, ageHours);
}

async function age(name: string, hours: number): Promise<void> {
  const at = now() - hours * HOUR_S;
  await utimes(path.join(root, name), at, at);
}

async function names(): Promise<string[]> {
  return (await readdir(root, { recursive: true })).sort();
}

const clean = (input: { dryRun?: boolean; maxAgeHours?: number } = {}) =>
  house.run('housekeeping.cleanupTempFiles', input);

describe('CLEAN-1 cleanupTempFiles', () => {
  it('CLEAN-1 deletes files and trees older than 24 hours and says how many and how much', async () => {
    await put('old.png', 1024 * 1024, 25);
    await put('young.png', 10, 23);
    await put('tree/deep/page.png', 512 * 1024, 30);
    await age('tree/deep', 30);
    await age('tree', 30);
    const dry = await clean({ dryRun: true });
    expect(await names()).toEqual(['old.png', 'tree', 'tree/deep', 'tree/deep/page.png', 'young.png']);
    const done = await clean();
    expect(done).toEqual({
      dry_run: false,
      deleted_files: 2,
      deleted_folders: 2,
      freed_space_mb: 1.5,
      skipped: 0,
      skipped_examples: [],
    });
    expect(dry).toEqual({ ...done, dry_run: true });
    expect(await names()).toEqual(['young.png']);
    expect(await clean()).toMatchObject({ deleted_files: 0, deleted_folders: 0, freed_space_mb: 0 });
  });

  it('P3-49 a folder that is not there is empty, and the size of a tree is that of its files', async () => {
    expect(await clean()).toMatchObject({ deleted_files: 0, freed_space_mb: 0, skipped: 0 });
    await put('tree/a.bin', 1024 * 1024, 48);
    await put('tree/b/c.bin', 2 * 1024 * 1024, 48);
    await put('tree/b/young.bin', 7, 1);
    expect(await clean()).toMatchObject({ deleted_files: 2, deleted_folders: 0, freed_space_mb: 3 });
    expect(await names()).toEqual(['tree', 'tree/b', 'tree/b/young.bin']);
  });

  it('CLEAN-1 takes links away and never what they lead to', async () => {
    const outside = path.join(house.config.stateDir, 'outside');
    await mkdir(outside, { recursive: true });
    await writeFile(path.join(outside, 'kept.txt'), 'kept');
    const long = now() - 100 * HOUR_S;
    await utimes(path.join(outside, 'kept.txt'), long, long);
    await utimes(outside, long, long);
    await mkdir(root, { recursive: true });
    await symlink(outside, path.join(root, 'link'));
    await symlink(path.join(root, 'nowhere'), path.join(root, 'dangling'));
    await put('tree/inner.txt', 5, 48);
    await symlink(outside, path.join(root, 'tree/link'));
    const twice = path.join(outside, 'second-name');
    await put('linked.bin', 1024 * 1024, 48);
    await link(path.join(root, 'linked.bin'), twice);
    for (const name of ['link', 'dangling', 'tree/link'])
      execFileSync('touch', ['-h', '-d', '2020-01-01', path.join(root, name)]);
    await age('tree', 48);
    expect(await clean()).toMatchObject({ deleted_files: 5, deleted_folders: 1, skipped: 0, freed_space_mb: 0.0001 });
    expect(await names()).toEqual([]);
    expect((await readdir(outside)).sort()).toEqual(['kept.txt', 'second-name']);
  });

  it('CLEAN-1 skips what it may not delete, says so, and goes on', async () => {
    await put('guarded/stuck.bin', 10, 48);
    await put('other.bin', 10, 48);
    const guarded = path.join(root, 'guarded');
    // Root may delete anything but this.
    const guard = guardFile(path.join(guarded, 'stuck.bin'), guarded);
    try {
      const done = await clean();
      expect(done).toMatchObject({ deleted_files: 1, skipped: 1 });
      expect(done.skipped_examples).toEqual([
        { name: 'guarded/stuck.bin', reason: expect.stringMatching(/^E(PERM|ACCES|BUSY)$/) as string },
      ]);
      expect((await lstat(path.join(guarded, 'stuck.bin'))).size).toBe(10);
    } finally {
      guard.release();
    }
  });

  it('CLEAN-1 refuses a folder that is or holds anything else', async () => {
    const { stateDir } = house.config;
    for (const TEMP_DIR of ['/', stateDir, path.dirname(stateDir), process.cwd(), path.join(stateDir, 'blobs')]) {
      const other = await startOther(TEMP_DIR);
      await expect(other()).rejects.toMatchObject({ cause: { type: 'TempFolderUnsafe', nonRetryable: true } });
    }
    await house.blobs.put('documents', Buffer.from('x'));
    expect((await readdir(house.blobFolder)).length).toBeGreaterThan(0);
  });
});

async function startOther(tempDir: string): Promise<() => Promise<unknown>> {
  const { createHousekeepingDomain } = await import('../../../workers/domains/housekeeping.ts');
  const config = { ...house.config, housekeeping: { ...house.config.housekeeping, tempDir } };
  await mkdir(path.join(house.config.stateDir, 'blobs'), { recursive: true });
  const log = () => silentLog;
  const { activities } = createHousekeepingDomain({
    config,
    database: house.test.db,
    logger: { warn: () => {} } as never, // nothing is logged here
    shell: { log },
  });
  return () =>
    house.temporal.withWorkers(activities, () =>
      house.temporal.client.workflow.execute('runTask', {
        taskQueue: 'perennial.workflows',
        workflowId: `unsafe-${tempDir}-${String(Date.now())}`,
        args: ['housekeeping.cleanupTempFiles', {}],
      }),
    );
}

/** Makes a file that even root cannot delete where that is possible; else a folder that only others may change. */
function guardFile(file: string, folder: string): { release(): void } {
  if (process.getuid?.() !== 0) {
    execFileSync('chmod', ['555', folder]);
    return { release: () => void execFileSync('chmod', ['755', folder]) };
  }
  execFileSync('chattr', ['+i', file]);
  return { release: () => void execFileSync('chattr', ['-i', file]) };
}
