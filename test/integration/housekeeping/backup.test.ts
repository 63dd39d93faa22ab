import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackupDatabaseOutput } from '../../../contracts/housekeeping/schema.ts';
import { migrate } from '../../../services/database/migrate.ts';
import { createDatabase } from '../../../services/database/pool.ts';
import { createDatabaseBackup } from '../../../services/housekeeping/backup/dump.ts';
import { restoreDatabase } from '../../../services/housekeeping/backup/restore.ts';
import { startHouse, type House } from './house.ts';

let house: House;
let folder: string;
const made: string[] = [];

beforeAll(async () => {
  house = await startHouse({ BACKUP_KEEP: '3' });
  folder = await mkdtemp(path.join(tmpdir(), 'perennial-backups-'));
  await fillTables();
});
afterAll(async () => {
  for (const name of made) await house.test.db.query(`drop database if exists ${name} with (force)`);
  await house.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Rows with whatever a text may hold. */
async function fillTables(): Promise<void> {
  const { db } = house.test;
  const odd = ['\\.', 'a\\.\nb', '\\N', 'tab\there', 'cr\rlf\r\n', 'quote\'"', 'é 漢 😀', '', 'x'.repeat(3_000_000)];
  for (const text of odd) {
    await db.query(
      `insert into documents (id, user_id, name, file_path, status, ocr_result, ocr_confidence, processing_completed_at, pages)
       values ($1, 'u', $2, '/in/x', 'completed', jsonb_build_object('text', $2::text), 0.1 + 0.2, now(), 3)`,
      [randomUUID(), text],
    );
  }
  await db.query(`insert into document_pages (document_id, page, reading_key, text, confidence, engine, reading)
    select id, p, 'k', name || p, random(), 'e', '{}' from documents, generate_series(0, 2) p`);
  await db.query(
    `insert into users (id, email, last_active_at) select 'u' || n, 'u' || n || '@example.com', now() from generate_series(1, 2000) n`,
  );
  await db.query(`insert into batches (id, options) values ('b', '{"a": 1}')`);
  await db.query(
    `insert into batch_items (batch_id, position, name) select 'b', n, 'i' from generate_series(0, 999) n`,
  );
}

function newDatabase(): string {
  const name = `perennial_restored_${randomBytes(5).toString('hex')}`;
  made.push(name);
  const url = new URL(house.test.url);
  url.pathname = `/${name}`;
  return url.href;
}

/** Every table with a checksum over all of its rows. */
async function contents(url: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await client.query<{ sum: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as sum from "${name}" t`,
    );
    found[name] = rows[0]?.sum ?? '';
  }
  await client.end();
  return found;
}

async function fileOf({ backup }: BackupDatabaseOutput): Promise<string> {
  if (backup === undefined) throw new TypeError('expected a backup');
  const { path: file } = await house.blobs.localFile(backup);
  return file;
}

describe('CLEAN-5 backupDatabase', () => {
  it('CLEAN-5 a backup restores into a database that does not exist yet, row for row', async () => {
    const dry = await house.run('housekeeping.backupDatabase', { dryRun: true });
    expect(dry).toMatchObject({ dry_run: true, deleted_backups: 0 });
    expect(dry.backup).toBeUndefined();
    const done = await house.run('housekeeping.backupDatabase');
    expect(done).toMatchObject({ status: 'completed', dry_run: false, tables: dry.tables, migration: dry.migration });
    const target = newDatabase();
    const report = await restoreDatabase(await fileOf(done), target);
    expect(report).toMatchObject({ tables: done.tables, rows: done.rows, migrated: [] });
    const restored = await contents(target);
    expect(restored).toEqual(await contents(house.test.url));
    expect(Object.keys(restored)).toContain('schema_migrations');
    expect(restored['users']).toMatch(/^2000 /);
    // Generated columns are there again.
    const client = new pg.Client({ connectionString: target });
    await client.connect();
    const { rows } = await client.query(
      `select count(*)::int as n from document_pages where search @@ to_tsquery('simple', '漢')`,
    );
    expect(rows).toEqual([{ n: 3 }]);
    await client.end();
  });

  it('CLEAN-5 a backup made while others write is of one instant', async () => {
    const { db } = house.test;
    // In the order of the backup's reading: the first table is long, the second is written to meanwhile.
    await db.query(
      `insert into sunrise_runs (key) select '-' || n || repeat(md5(n::text), 60) from generate_series(1, 4000) n`,
    );
    const done = new AbortController();
    const writer = (async () => {
      for (let n = 0; !done.signal.aborted; n += 1) {
        await db.transaction(async (transaction) => {
          await transaction.query('insert into sunrise_runs (key) values ($1) on conflict do nothing', [`n${n}`]);
          await transaction.query(`insert into users (id, email) values ($1, 'e') on conflict do nothing`, [`n${n}`]);
        });
      }
    })();
    await sleep(200);
    const { content, facts } = await createDatabaseBackup({ url: house.test.url }).open(new AbortController().signal);
    const file = path.join(folder, 'busy.gz');
    const chunks: Buffer[] = [];
    for await (const chunk of content) {
      chunks.push(chunk as Buffer);
      await sleep(20);
    }
    await writeFile(file, Buffer.concat(chunks));
    done.abort();
    await writer;
    const text = gunzipSync(await readFile(file)).toString();
    const numbers = (table: string) =>
      (new RegExp(`COPY "${table}" .*?\\n([\\s\\S]*?)\\\\\\.\\n`).exec(text)?.[1] ?? '')
        .split('\n')
        .map((line) => line.split('\t')[0])
        .filter((n) => n?.startsWith('n') === true)
        .sort();
    expect(numbers('users').length).toBeGreaterThan(0);
    expect(numbers('users')).toEqual(numbers('sunrise_runs'));
    expect((await facts).rows).toBeGreaterThan(0);
    await db.query('truncate sunrise_runs');
    await db.query(`delete from users where id like 'n%'`);
  });

  it('CLEAN-5 keeps the newest backups and deletes the older ones', async () => {
    for (let n = 0; n < 4; n += 1) await house.run('housekeeping.backupDatabase');
    const last = await house.run('housekeeping.backupDatabase', { keep: 2 });
    expect(last).toMatchObject({ deleted_backups: 2 });
    expect(last.freed_space_mb).toBeGreaterThan(0);
    const left: string[] = [];
    for await (const { ref } of house.blobs.list('backups')) left.push(ref.key);
    expect(left).toHaveLength(2);
    expect(left).toContain(last.backup?.key);
    await restoreDatabase(await fileOf(last), newDatabase());
  });

  it('CLEAN-5 a restore refuses a database that holds anything', async () => {
    const done = await house.run('housekeeping.backupDatabase');
    const before = await contents(house.test.url);
    await expect(restoreDatabase(await fileOf(done), house.test.url)).rejects.toMatchObject({
      type: 'RestoreTargetNotEmpty',
    });
    expect(await contents(house.test.url)).toEqual(before);
  });

  it('CLEAN-5 a damaged or foreign file restores nothing, and a whole one does afterwards', async () => {
    const done = await house.run('housekeeping.backupDatabase');
    const whole = await readFile(await fileOf(done));
    const script = gunzipSync(whole).toString('latin1');
    const damaged: Record<string, Buffer> = {
      'not-gzip': Buffer.from('SELECT 1;'),
      empty: Buffer.alloc(0),
      'another script': gzipSync('drop table users;\n'),
      cut: whole.subarray(0, Math.floor(whole.length / 2)),
      'cut inside': gzipSync(Buffer.from(script.slice(0, Math.floor(script.length / 2)), 'latin1')),
      'without its end': gzipSync(Buffer.from(script.slice(0, script.lastIndexOf('-- end')), 'latin1')),
      'a row changed': gzipSync(Buffer.from(script.replace('u7@example.com', 'u8@example.com'), 'latin1')),
      'a statement more': gzipSync(Buffer.from(script.replace('BEGIN;', 'BEGIN;\ndrop schema public;'), 'latin1')),
    };
    const target = newDatabase();
    for (const [name, bytes] of Object.entries(damaged)) {
      const file = path.join(folder, 'damaged.gz');
      await writeFile(file, bytes);
      await expect(restoreDatabase(file, target), name).rejects.toMatchObject({ type: 'BackupUnreadable' });
    }
    const after = await contents(target);
    expect(
      Object.entries(after).filter(([table, sum]) => table !== 'schema_migrations' && !sum.startsWith('0 ')),
    ).toEqual([]);
    await restoreDatabase(await fileOf(done), target);
    expect(await contents(target)).toEqual(await contents(house.test.url));
    await expect(restoreDatabase(path.join(folder, 'nothing.gz'), newDatabase())).rejects.toMatchObject({
      type: 'BackupUnreadable',
    });
  });

  it('CLEAN-5 refuses a backup of a version that this one does not know', async () => {
    const done = await house.run('housekeeping.backupDatabase');
    const script = gunzipSync(await readFile(await fileOf(done))).toString('latin1');
    const file = path.join(folder, 'newer.gz');
    await writeFile(file, gzipSync(Buffer.from(script.replace('"0001_documents.sql"', '"9999_later.sql"'), 'latin1')));
    await expect(restoreDatabase(file, newDatabase())).rejects.toMatchObject({
      type: 'BackupFromNewerVersion',
      message: expect.stringMatching(
        /^Expected migrations of this version, got [\w.,]+ in the backup\. Use the/,
      ) as string,
    });
  });

  it('CLEAN-5 a backup of an older version is brought up to this one', async () => {
    const source = newDatabase();
    await house.test.db.query(`create database ${new URL(source).pathname.slice(1)}`);
    const old = createDatabase({ url: source, poolSize: 1 });
    await migrate(old, undefined, (name) => name < '0003');
    await old.query(`insert into users (id, email) values ('u', 'u@example.com')`);
    const { content } = await createDatabaseBackup({ url: source }).open(new AbortController().signal);
    const file = path.join(folder, 'old.gz');
    await writeFile(file, content);
    await old.close();
    const target = newDatabase();
    const report = await restoreDatabase(file, target);
    expect(report.migrated).toContain('0006_housekeeping.sql');
    const restored = await contents(target);
    expect(restored['users']).toMatch(/^1 /);
    expect(Object.keys(restored)).toEqual(Object.keys(await contents(house.test.url)));
  });

  it('CLEAN-5 streams: saving and loading a large table takes no memory for it', async () => {
    const { db } = house.test;
    const MEGABYTES = 300;
    await db.query(
      `insert into users (id, email, name) select 'large' || n, 'e', repeat(md5(n::text), 3200)
       from generate_series(1, $1::integer * 10) n`,
      [MEGABYTES],
    );
    const before = process.memoryUsage().rss;
    let top = before;
    const watch = setInterval(() => (top = Math.max(top, process.memoryUsage().rss)), 20);
    const { content, facts } = await createDatabaseBackup({ url: house.test.url }).open(new AbortController().signal);
    const file = path.join(folder, 'large.gz');
    await writeFile(file, content);
    await restoreDatabase(file, newDatabase());
    clearInterval(watch);
    expect((await facts).rows).toBeGreaterThanOrEqual(MEGABYTES * 10);
    await db.query(`delete from users where id like 'large%'`);
    expect((top - before) / 1024 / 1024).toBeLessThan(MEGABYTES / 2);
  });

  it('CLEAN-5 names tables of others and leaves them out, so that every backup restores', async () => {
    await house.test.db.query('create table somebody_elses (n serial primary key)');
    await house.test.db.query('insert into somebody_elses default values');
    const done = await house.run('housekeeping.backupDatabase');
    expect(done.other_tables).toEqual(['somebody_elses']);
    const target = newDatabase();
    await restoreDatabase(await fileOf(done), target);
    await house.test.db.query('drop table somebody_elses');
    expect(await contents(target)).toEqual(await contents(house.test.url));
    expect(done.tables).toBe(Object.keys(await contents(target)).length);
  });

  it('CLEAN-5 stops with its activity: no connection is left behind', async () => {
    const stop = new AbortController();
    const { content } = await createDatabaseBackup({ url: house.test.url }).open(stop.signal);
    const iterator = content[Symbol.asyncIterator]();
    await iterator.next();
    stop.abort(new Error('told to stop'));
    await expect(
      (async () => {
        for (;;) if ((await iterator.next()).done === true) return;
      })(),
    ).rejects.toThrow();
    for (let tries = 0; tries < 50; tries += 1) {
      const { rowCount } = await house.test.db.query(
        `select from pg_stat_activity where application_name = 'perennial backup' and datname = current_database()`,
      );
      if (rowCount === 0) return;
      await sleep(100);
    }
    throw new TypeError('expected the connection of the backup to end');
  });
});
