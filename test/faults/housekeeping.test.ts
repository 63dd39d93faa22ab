/** Really kills processes in the middle of housekeeping: no row may be left without its file, and all of it is done in the end. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restoreDatabase } from '../../services/housekeeping/backup/restore.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { startTestStack, type TestStack } from '../support/servers/stack.ts';

const OLD = 6_000;
const YOUNG = 50;
let world: TestStack;
let faults: Faults;
let blobFolder: string;

beforeAll(async () => {
  world = await startTestStack({ workers: [{ name: 'worker-1', fleet: 'all' }], env: { OCR_PROCESSES: '1' } });
  faults = await createFaults(world);
  blobFolder = path.join(path.dirname(world.inbox), 'blobs');
});
afterAll(async () => {
  await faults.close();
  await world.stop();
});

/** Documents that were read, each with a file of its own in the blob store, all of one age. */
async function addDocuments(count: number, ageDays: number): Promise<void> {
  const at = Date.now() / 1000 - ageDays * 86_400;
  const refs: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const content = randomUUID();
    const sha256 = createHash('sha256').update(content).digest('hex');
    const key = `documents/${sha256.slice(0, 2)}/${sha256}`;
    const file = path.join(blobFolder, key);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    await utimes(file, at, at);
    refs.push(JSON.stringify({ store: 'file', key, size: content.length, sha256 }));
  }
  await world.database.query(
    `insert into documents (id, name, blob, status, error_type, created_at)
     select gen_random_uuid(), 'n', b::jsonb, 'failed', 'CorruptDocument', now() - make_interval(days => $2)
     from unnest($1::text[]) b`,
    [refs, ageDays],
  );
}

async function rowKeys(): Promise<string[]> {
  const { rows } = await world.database.query<{ key: string }>(`select blob ->> 'key' as key from documents`);
  return rows.map(({ key }) => key);
}

async function files(): Promise<string[]> {
  const entries = await readdir(path.join(blobFolder, 'documents'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

async function untilRows(fits: (rows: number) => boolean): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 10) {
    const { rows } = await world.database.query<{ n: number }>('select count(*)::int as n from documents');
    if (fits(rows[0]?.n ?? 0)) return;
    await sleep(10);
  }
  throw new TypeError('expected the cleanup to get going within 60 s, it did not');
}

/** Rows that are still there after their file was seen to be gone; the cleanup may be going on meanwhile. */
async function rowsWithoutFile(): Promise<string[]> {
  const gone = (await rowKeys()).filter((key) => !existsSync(path.join(blobFolder, key)));
  const left = new Set(await rowKeys());
  return gone.filter((key) => left.has(key));
}

describe('CLEAN-2 nothing half done', () => {
  it.each(['worker-1', 'postgres'])(
    'CLEAN-2 P3-49 when %s is killed in the middle of a cleanup: no row without its file, and the rest is done',
    async (victim) => {
      await world.database.query('truncate documents cascade');
      await addDocuments(OLD, 100);
      await addDocuments(YOUNG, 1);
      const job = await world.client.housekeeping.run('cleanupOldOcrResults');
      await untilRows((rows) => rows < OLD);
      faults.kill(victim);
      const left = (await rowKeys()).length;
      // In the middle: some were gone, and some were not.
      expect(left).toBeGreaterThan(YOUNG);
      await sleep(300);
      expect(await rowsWithoutFile()).toEqual([]);

      expect(await job.result({ timeoutMs: 120_000 })).toMatchObject({ dry_run: false, days: 90 });
      expect(await rowKeys()).toHaveLength(YOUNG);
      expect(await rowsWithoutFile()).toEqual([]);

      // Files whose rows went just before the kill are orphans: the sweep finds them.
      const orphans = (await files()).length - YOUNG;
      const sweep = await world.client.housekeeping.run('cleanupOldFiles');
      expect(await sweep.result({ timeoutMs: 60_000 })).toMatchObject({ deleted_files: orphans });
      expect(await files()).toHaveLength(YOUNG);
    },
  );
});

describe('CLEAN-5 a backup that is killed', () => {
  it('CLEAN-5 leaves no half backup, is made again, and restores', async () => {
    await world.database.query(
      `insert into users (id, email, name) select 'u' || n, 'e', md5(random()::text) || md5(random()::text)
       from generate_series(1, 400000) n`,
    );
    const job = await world.client.housekeeping.run('backupDatabase');
    const incoming = path.join(blobFolder, '.incoming');
    for (let waited = 0; (await readdir(incoming).catch(() => [])).length === 0; waited += 10) {
      if (waited > 60_000) throw new TypeError('expected the backup to get going within 60 s, it did not');
      await sleep(10);
    }
    faults.kill('worker-1');
    expect(await readdir(path.join(blobFolder, 'backups')).catch(() => [])).toEqual([]);
    const result = await job.result({ timeoutMs: 120_000 });
    expect(result.rows).toBeGreaterThan(400_000);
    const target = new URL(world.stack.addresses.database);
    target.pathname = '/restored';
    const file = path.join(blobFolder, result.backup?.key ?? '');
    expect(await restoreDatabase(file, target.href)).toMatchObject({ rows: result.rows });
  });
});
