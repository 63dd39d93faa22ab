/**
 * A PostgreSQL database of its own for each test file.
 *
 *     const test = await testDatabase();          // in beforeAll
 *     const documents = createDocumentStore(test.db);
 *     await test.drop();                          // in afterAll
 *
 * The tables are there already. The server is that of DATABASE_URL when set;
 * else the one of this vitest run, started by whoever asks first and stopped
 * by `test/support/global-setup.ts`; without that set-up, one of this process,
 * stopped with its last `drop`.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from '../../../services/database/migrate.ts';
import { createDatabase, type Database, type DatabaseOptions } from '../../../services/database/pool.ts';
import { startEmbeddedPostgres } from '../../../stack/postgres/server.ts';
import { runFolder } from './run-folder.ts';

/** A database for one test file. */
export interface TestDatabase {
  readonly url: string;
  readonly db: Database;
  /** Closes `db` and removes the database. */
  drop(): Promise<void>;
}

/** What a server leaves behind for whoever stops it. */
export interface ServerNote {
  readonly pid: number;
  readonly dataDir: string;
}

/** File in the run's folder with a {@link ServerNote}. */
export const POSTGRES_NOTE = 'postgres-server.json';

const TEMPLATE_LOCK = 0x74656d70;

/** Creates a fresh database with all tables. */
export async function testDatabase(options: Omit<DatabaseOptions, 'url'> = {}): Promise<TestDatabase> {
  const server = await acquireServer();
  const template = await ensureTemplate(server.url);
  const name = `perennial_test_${randomBytes(6).toString('hex')}`;
  await administer(server.url, `create database ${name} template ${template}`);
  const url = urlOf(server.url, name);
  const db = createDatabase({ poolSize: 5, patienceMs: 20_000, ...options, url });
  return {
    url,
    db,
    drop: async () => {
      await db.close();
      await administer(server.url, `drop database if exists ${name} with (force)`);
      await server.release();
    },
  };
}

interface Server {
  readonly url: string;
  release(): Promise<void>;
}

/** A test that restarts the server itself starts one of its own with `startEmbeddedPostgres`. */
async function acquireServer(): Promise<Server> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') return { url: given, release: async () => {} };
  const folder = runFolder();
  if (folder === undefined) return ownServer();
  const { url, pid, dataDir } = await startServer(folder);
  await writeFile(join(folder, POSTGRES_NOTE), JSON.stringify({ pid, dataDir } satisfies ServerNote));
  return { url, release: async () => {} };
}

let own: { readonly folder: Promise<string>; users: number } | undefined;

async function ownServer(): Promise<Server> {
  own ??= { folder: mkdtemp(join(tmpdir(), 'perennial-test-postgres-')), users: 0 };
  const mine = own;
  mine.users++;
  const server = await startServer(await mine.folder);
  const killAtExit = (): void => void process.kill(server.pid, 'SIGQUIT');
  process.once('exit', killAtExit);
  return {
    url: server.url,
    release: async () => {
      process.off('exit', killAtExit);
      if (--mine.users > 0) return;
      own = undefined;
      await server.stop();
      await rm(await mine.folder, { recursive: true, force: true });
    },
  };
}

function startServer(folder: string): ReturnType<typeof startEmbeddedPostgres> {
  return startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    port: 0,
    logFile: join(folder, 'postgres.log'),
    // The data of a test need not outlive the machine.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
}

/** One migrated database is copied for every test file: a copy takes a fraction of running all migrations. */
async function ensureTemplate(url: string): Promise<string> {
  const name = `perennial_template_${migrationsStamp()}`;
  const guard = createDatabase({ url, poolSize: 1 });
  try {
    await guard.transaction(async (transaction) => {
      await transaction.query('select pg_advisory_xact_lock($1)', [TEMPLATE_LOCK]);
      const { rows } = await transaction.query('select from pg_database where datname = $1 and datistemplate', [name]);
      if (rows.length > 0) return;
      await administer(url, `drop database if exists ${name} with (force)`);
      await administer(url, `create database ${name}`);
      const database = createDatabase({ url: urlOf(url, name), poolSize: 1 });
      await migrate(database).finally(() => database.close());
      // Marked last: a template without the mark was left half-made by a killed run.
      await administer(url, `alter database ${name} is_template true`);
    });
  } finally {
    await guard.close();
  }
  return name;
}

/** Changes with any migration, so that a server that lives longer than a run never serves an old template. */
function migrationsStamp(): string {
  const folder = fileURLToPath(new URL('../../../services/database/migrations/', import.meta.url));
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 16);
}

function urlOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs a statement that PostgreSQL refuses inside a transaction. */
async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
