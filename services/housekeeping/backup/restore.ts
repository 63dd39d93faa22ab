/** Loads a backup into an empty database: all of it in one transaction, or nothing. */
import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { z } from 'zod';
import { PerennialError } from '../../../contracts/failures.ts';
import { toPerennialError } from '../../database/errors.ts';
import { migrate, migrationChecksums } from '../../database/migrate.ts';
import { createDatabase, type Database } from '../../database/pool.ts';
import type { RestoreReport } from '../port.ts';
import {
  BEGIN,
  COMMIT,
  copyLine,
  copyTarget,
  END,
  endSchema,
  HEADER,
  headerSchema,
  quoted,
  sequenceLine,
  TABLE,
  tableEndSchema,
  type BackupHeader,
  type BackupTable,
} from './format.ts';
import { openBackup, type BackupReader, unreadable } from './reader.ts';

/** Table that exists while a restore is running, so that an interrupted one can be started again. */
const MARK = 'perennial_restore_under_way';

/** Implements `RestoreDatabase`. A missing database is created. */
export async function restoreDatabase(file: string, url: string): Promise<RestoreReport> {
  const reader = openBackup(file);
  try {
    const header = await readTagged(reader, HEADER, headerSchema);
    await requireKnown(header);
    await createIfMissing(url);
    const database = createDatabase({ url, poolSize: 2, patienceMs: 5_000 });
    try {
      await requireEmpty(database);
      const known = new Set(header.migrations.map(({ name }) => name));
      await migrate(database, undefined, (name) => known.has(name));
      const rows = await load(reader, header, url);
      const { applied } = await migrate(database);
      return { tables: header.tables.length, rows, createdAt: header.createdAt, migrated: applied };
    } finally {
      await database.close();
    }
  } finally {
    reader.close();
  }
}

async function readTagged<T extends z.ZodType>(reader: BackupReader, tag: string, schema: T): Promise<z.output<T>> {
  const text = await reader.line();
  if (!text.startsWith(tag)) throw unreadable('an unexpected line');
  try {
    return schema.parse(JSON.parse(text.slice(tag.length)));
  } catch {
    throw unreadable('a line with invalid JSON');
  }
}

async function expectLine(reader: BackupReader, expected: string): Promise<void> {
  if ((await reader.line()) !== expected) throw unreadable('an unexpected line');
}

async function requireKnown({ migrations }: BackupHeader): Promise<void> {
  const ours = await migrationChecksums();
  const unknown = migrations.filter(({ name, checksum }) => ours.get(name) !== checksum);
  if (unknown.length === 0) return;
  throw new PerennialError(
    'BackupFromNewerVersion',
    `Expected migrations of this version, got ${unknown.map(({ name }) => name).join(', ')} in the backup. Use the version that made it, or a later one.`,
  );
}

async function createIfMissing(url: string): Promise<void> {
  const target = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await target.connect();
    await target.end();
  } catch (error) {
    await target.end().catch(() => undefined);
    if (!(error instanceof pg.DatabaseError && error.code === '3D000')) throw toPerennialError(error, 'the target', 0);
    await createDatabaseOf(url);
  }
}

async function createDatabaseOf(url: string): Promise<void> {
  const server = new URL(url);
  const name = decodeURIComponent(server.pathname.slice(1));
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.href, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query(`create database ${quoted(name)}`);
  } catch (error) {
    throw toPerennialError(error, 'the target', 0);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function requireEmpty(database: Database): Promise<void> {
  const { rows } = await database.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') order by 1`,
  );
  const isOurs = rows.some(({ name }) => name === MARK);
  if (rows.length > 0 && !isOurs) {
    const some = rows.slice(0, 3).map(({ name }) => name);
    throw new PerennialError(
      'RestoreTargetNotEmpty',
      `Expected an empty database, got ${rows.length} tables (${some.join(', ')} …). Name a database that does not exist; it is created.`,
    );
  }
  await database.query(`create table if not exists ${MARK} ()`);
}

async function load(reader: BackupReader, header: BackupHeader, url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, application_name: 'perennial restore', keepAlive: true });
  // A connection lost between two statements also fails the next statement, which handles the error.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('begin');
    await client.query('set local statement_timeout = 0');
    await client.query(`truncate ${header.tables.map(({ name }) => quoted(name)).join(', ')}`);
    await expectLine(reader, BEGIN);
    let rows = 0;
    for (const table of header.tables) rows += await loadTable(reader, table, client);
    for (const sequence of header.sequences) {
      await expectLine(reader, sequenceLine(sequence));
      await client.query('select setval($1::regclass, $2, true)', [quoted(sequence.name), sequence.value]);
    }
    await expectLine(reader, COMMIT);
    const end = await readTagged(reader, END, endSchema);
    if (end.rows !== rows) throw unreadable(`${rows} rows instead of ${end.rows}`);
    await client.query(`drop table ${MARK}`);
    await client.query('commit');
    await client.query('analyze');
    return rows;
  } catch (error) {
    throw toPerennialError(error, 'the target', 0);
  } finally {
    // The server rolls back what was not committed.
    await client.end().catch(() => undefined);
  }
}

/**
 * Loads a table. The statement is built from the header and never taken from the file, so a forged backup cannot run
 * statements.
 */
async function loadTable(reader: BackupReader, table: BackupTable, client: pg.Client): Promise<number> {
  await expectLine(reader, copyLine(table));
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const sink = client.query(copyFrom(`copy ${copyTarget(table)} from stdin`));
  await pipeline(Readable.from(reader.rows(), { objectMode: false }), hashing, sink);
  const end = await readTagged(reader, TABLE, tableEndSchema);
  if (end.name !== table.name || end.sha256 !== hash.digest('hex') || end.rows !== sink.rowCount)
    throw unreadable(`rows of ${table.name} that differ from the saved ones`);
  return end.rows;
}
