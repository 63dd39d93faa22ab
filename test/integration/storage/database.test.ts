import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../../services/database/migrate.ts';
import { createDatabase } from '../../../services/database/pool.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

describe('database', () => {
  it('CFG-7 works in UTC, whatever the server is set to', async () => {
    const { rows } = await test.db.query<{ zone: string; at: Date }>(
      `select current_setting('TimeZone') as zone, timestamptz '2026-01-02 03:04' as at`,
    );
    expect(rows[0]).toEqual({ zone: 'UTC', at: new Date('2026-01-02T03:04:00.000Z') });
  });

  it('OCR-11 stores all of a transaction or nothing, and passes on the error of the work', async () => {
    await test.db.query('create table things (name text primary key)');
    const mine = new Error('changed my mind');
    const work = test.db.transaction(async (transaction) => {
      await transaction.query('insert into things values ($1)', ['a']);
      throw mine;
    });
    await expect(work).rejects.toBe(mine);
    expect((await test.db.query('select * from things')).rowCount).toBe(0);
    expect(
      await test.db.transaction(
        async (transaction) => (await transaction.query('insert into things values ($1)', ['b'])).rowCount,
      ),
    ).toBe(1);
  });

  it('runs a transaction again when its connection is cut, and when it is chosen as the victim of a deadlock', async () => {
    let runs = 0;
    await test.db.transaction(async (transaction) => {
      if (++runs === 1) await transaction.query('select pg_terminate_backend(pg_backend_pid())');
      await transaction.query(`insert into things values ('cut')`);
    });
    expect(runs).toBe(2);
    await test.db.query(`insert into things values ('x'), ('y')`);
    let firsts = 0;
    const bothHoldOne = new AbortController();
    const meeting = once(bothHoldOne.signal, 'abort');
    const touch = (first: string, second: string) =>
      test.db.transaction(async (transaction) => {
        await transaction.query('update things set name = name where name = $1', [first]);
        if (++firsts === 2) bothHoldOne.abort();
        await meeting;
        await transaction.query('update things set name = name where name = $1', [second]);
      });
    await Promise.all([touch('x', 'y'), touch('y', 'x')]);
    // Each holds what the other wants, so one of them was the victim and ran again.
    expect(firsts).toBe(3);
  });

  it('survives that its connections are cut while nobody uses them, and between two statements', async () => {
    const notes: string[] = [];
    const db = createDatabase({
      url: test.url,
      poolSize: 2,
      logger: { warn: (_fields, message) => notes.push(message) },
    });
    const cut = () =>
      test.db.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'perennial' and pid <> pg_backend_pid() and datname = current_database()`,
      );
    await db.check();
    await cut();
    await sleep(100);
    expect((await db.query('select 1')).rowCount).toBe(1);
    let runs = 0;
    await db.transaction(async (transaction) => {
      await transaction.query('select 1');
      if (++runs === 1) await cut();
      await sleep(100);
      await transaction.query('select 1');
    });
    expect(runs).toBe(2);
    expect(notes.length).toBeGreaterThan(0);
    await db.close();
  });

  it('gives up after its patience, at once for check, and on a signal, and never shows the password', async () => {
    const db = createDatabase({ url: 'postgresql://someone:very-secret@127.0.0.1:9/none', patienceMs: 300 });
    const error: unknown = await db.query('select 1').catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      type: 'DatabaseUnavailable',
      message: expect.stringContaining('127.0.0.1:9/none') as string,
    });
    expect(JSON.stringify(error) + String(error)).not.toMatch(/very-secret|someone/);
    await expect(db.check()).rejects.toMatchObject({ type: 'DatabaseUnavailable' });
    await db.close();

    const patient = createDatabase({ url: 'postgresql://someone:very-secret@127.0.0.1:9/none' });
    const reason = new Error('cancelled');
    const started = performance.now();
    await expect(patient.query('select 1', [], { signal: AbortSignal.timeout(200) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 100);
    await expect(patient.transaction(() => Promise.resolve(1), { signal: stop.signal })).rejects.toBe(reason);
    const waiting = expect(patient.query('select 1')).rejects.toMatchObject({ type: 'DatabaseUnavailable' });
    await sleep(100);
    await patient.close();
    await waiting;
    await patient.close();
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('says which setting is wrong without waiting, for a bad password, a missing database and a bad URL', async () => {
    const wrong = new URL(test.url);
    wrong.password = 'very-secret';
    const missing = new URL(test.url);
    missing.pathname = '/no_such_database';
    for (const url of [wrong, missing]) {
      const db = createDatabase({ url: url.href });
      const started = performance.now();
      const error: unknown = await db.query('select 1').catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        type: 'DatabaseRefused',
        message: expect.stringContaining('DATABASE_URL') as string,
      });
      expect(String(error)).not.toContain('very-secret');
      expect(performance.now() - started).toBeLessThan(5_000);
      await db.close();
    }
    for (const url of ['', 'not a url very-secret', 'https://very-secret@host/']) {
      expect(() => createDatabase({ url })).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('very-secret') as string }) as Error,
      );
    }
  });

  it('names a refused statement without the row that it was about, and keeps working', async () => {
    const secret = 'contents of a document '.repeat(10);
    const error: unknown = await test.db.query('select $1::uuid', [secret]).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ type: 'DatabaseRejected', message: expect.stringContaining('22P02') as string });
    expect(String(error)).not.toContain('contents of a document');
    expect(Object.keys(error as object)).not.toContain('detail');
  });

  it('takes a full disk for what it is', async () => {
    const work = test.db.query(`do $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$`);
    await expect(work).rejects.toMatchObject({ type: 'StorageFull' });
  });

  it('ends a statement that hangs, and goes on with another connection', async () => {
    const db = createDatabase({ url: test.url, patienceMs: 0 });
    await expect(db.query('select pg_sleep(30)', [], { timeoutMs: 200 })).rejects.toMatchObject({
      type: 'DatabaseUnavailable',
    });
    expect((await db.query('select 1')).rowCount).toBe(1);
    await db.close();
  });
});

describe('migrations', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perennial-migrations-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function folderWith(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    const path = join(folder, name);
    await mkdir(path);
    for (const [file, sql] of Object.entries(files)) await writeFile(join(path, file), sql);
    return path;
  }

  it('IDEM-4 applies each once, in order, also when several processes start together', async () => {
    const path = await folderWith('race', {
      '9001_first.sql': 'create table first (id integer); insert into first values (1);',
      '9002_second.sql': 'alter table first add column more text;\r\n-- done\r\n',
    });
    const reports = await Promise.all(Array.from({ length: 4 }, () => migrate(test.db, path)));
    expect(reports.flatMap(({ applied }) => applied).sort()).toEqual(['9001_first.sql', '9002_second.sql']);
    expect((await test.db.query('select * from first')).rows).toEqual([{ id: 1, more: null }]);
    expect(await migrate(test.db, path)).toMatchObject({
      applied: [],
      unknown: expect.arrayContaining(['0001_documents.sql']) as string[],
    });
    expect((await migrate(test.db)).applied).toEqual([]);
  });

  it('refuses a migration that was changed after it was applied, but not new line ends', async () => {
    await migrate(test.db, await folderWith('before', { '9101_a.sql': 'select 1;\nselect 2;\n' }));
    await migrate(test.db, await folderWith('line-ends', { '9101_a.sql': 'select 1;\r\nselect 2;\r\n' }));
    const changed = migrate(test.db, await folderWith('after', { '9101_a.sql': 'select 3;' }));
    await expect(changed).rejects.toThrow(/9101_a\.sql with checksum [0-9a-f]{12}.*new migration/s);
  });

  it('leaves nothing of a migration that fails half-way', async () => {
    const path = await folderWith('broken', { '9201_a.sql': 'create table half (id integer); select no_such_column;' });
    await expect(migrate(test.db, path)).rejects.toMatchObject({ type: 'DatabaseRefused' });
    expect((await test.db.query(`select to_regclass('half') as found`)).rows).toEqual([{ found: null }]);
    await expect(migrate(test.db, await folderWith('empty', {}))).rejects.toThrow('found none');
  });
});
