/** Applies the migrations of this version to a database. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PerennialError } from '../../contracts/failures.ts';
import type { Database, Queryable } from './pool.ts';

/** The result of {@link migrate}. */
export interface MigrationReport {
  /** Migrations that this call applied. */
  readonly applied: readonly string[];
  /** Migrations in the database that this version does not know, because a newer version applied them. */
  readonly unknown: readonly string[];
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

const OURS = fileURLToPath(new URL('migrations', import.meta.url));
// Key of the advisory lock; any number that no other program uses, here the letters "peren".
const LOCK_KEY = 0x706572656e;
// An index on a large table takes minutes; an hour means that a migration hangs.
const LONGEST_MIGRATION_MS = 3_600_000;

/**
 * Applies the missing migrations, each in its own transaction. Many processes may call this at once; a lock lets one of
 * them work at a time.
 * @param wanted - selects migrations by name: all, unless an old backup is to be loaded
 * @throws PerennialError `Unexpected` when an applied migration was changed afterwards
 */
export async function migrate(
  database: Database,
  folder: string = OURS,
  wanted: (name: string) => boolean = () => true,
): Promise<MigrationReport> {
  const migrations = await readMigrations(folder);
  const applied: string[] = [];
  for (const migration of migrations.filter(({ name }) => wanted(name))) {
    const isNew = await database.transaction((transaction) => applyOne(transaction, migration), {
      timeoutMs: LONGEST_MIGRATION_MS,
    });
    if (isNew) applied.push(migration.name);
  }
  const known = new Set(migrations.map(({ name }) => name));
  const { rows } = await database.query<{ name: string }>('select name from schema_migrations order by name');
  return { applied, unknown: rows.map(({ name }) => name).filter((name) => !known.has(name)) };
}

/** Returns the checksums of the migrations of this version, by name. */
export async function migrationChecksums(): Promise<ReadonlyMap<string, string>> {
  return new Map((await readMigrations(OURS)).map(({ name, checksum }) => [name, checksum]));
}

/** Returns the tables that the migrations of this version create, and the table that records them. */
export async function migratedTables(): Promise<ReadonlySet<string>> {
  const names = (await readMigrations(OURS)).flatMap(({ sql }) =>
    [...sql.matchAll(/^create (?:unlogged )?table (?:if not exists )?"?(\w+)"? \(/gim)].map(([, name = '']) => name),
  );
  return new Set(['schema_migrations', ...names]);
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  if (names.length === 0)
    throw new PerennialError('Unexpected', `Expected migrations in ${folder}, found none. Reinstall the product.`);
  return Promise.all(
    names.map(async (name) => {
      // Git may change line ends on check-out, which does not change the migration.
      const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function applyOne(transaction: Queryable, { name, sql, checksum }: Migration): Promise<boolean> {
  // The lock is held until the transaction ends, so a killed process leaves none behind.
  await transaction.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
  await transaction.query(`create table if not exists schema_migrations (
    name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
  const { rows } = await transaction.query<{ checksum: string }>(
    'select checksum from schema_migrations where name = $1',
    [name],
  );
  const found = rows[0]?.checksum;
  if (found === checksum) return false;
  if (found !== undefined) throw changedMigration(name, found, checksum);
  await transaction.query(sql);
  await transaction.query('insert into schema_migrations (name, checksum) values ($1, $2)', [name, checksum]);
  return true;
}

function changedMigration(name: string, applied: string, found: string): PerennialError {
  return new PerennialError(
    'Unexpected',
    `Expected migration ${name} with checksum ${applied.slice(0, 12)}, as it was applied to this database, got ${found.slice(0, 12)}. ` +
      'Restore the file and put the change into a new migration.',
  );
}
