/** What a database holds, as far as a backup must know: tables in the order in which they can be loaded. */
import type pg from 'pg';
import { PerennialError } from '../../../contracts/failures.ts';
import type { BackupHeader, BackupTable } from './format.ts';

/** Reads the header of a backup from a connection that is in the transaction of the backup. */
export async function readHeader(client: pg.ClientBase): Promise<BackupHeader> {
  const { rows: facts } = await client.query<{ server: string; at: Date }>(
    `select current_setting('server_version') as server, now() as at`,
  );
  const { rows: migrations } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migrations order by name',
  );
  const { rows: sequences } = await client.query<{ name: string; value: string }>(
    `select sequencename as name, last_value::text as value from pg_sequences
     where schemaname = current_schema() and last_value is not null order by 1`,
  );
  return {
    format: 1,
    createdAt: (facts[0]?.at ?? new Date()).toISOString(),
    server: facts[0]?.server ?? 'unknown',
    migrations,
    tables: inLoadingOrder(await readTables(client), await readReferences(client)),
    sequences,
  };
}

/** Generated columns are left out: PostgreSQL makes them again. */
async function readTables(client: pg.ClientBase): Promise<readonly BackupTable[]> {
  const { rows } = await client.query<BackupTable>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     group by c.relname order by c.relname`,
  );
  return rows;
}

interface Reference {
  readonly from: string;
  readonly to: string;
}

async function readReferences(client: pg.ClientBase): Promise<readonly Reference[]> {
  const { rows } = await client.query<Reference>(
    `select f.relname as from, t.relname as to
     from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
     where k.contype = 'f' and k.conrelid <> k.confrelid and f.relnamespace = current_schema()::regnamespace`,
  );
  return rows;
}

/**
 * Puts each table after those that it refers to.
 *
 * @throws PerennialError `Unexpected` for tables that refer to each other in a circle
 */
export function inLoadingOrder(tables: readonly BackupTable[], references: readonly Reference[]): BackupTable[] {
  const waiting = new Map(tables.map((table) => [table.name, table]));
  const ordered: BackupTable[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(
      ({ name }) => !references.some(({ from, to }) => from === name && waiting.has(to)),
    );
    if (ready.length === 0) {
      const names = [...waiting.keys()].join(', ');
      throw new PerennialError(
        'Unexpected',
        `Expected tables that can be loaded one after the other, found a circle of references among ${names}.`,
      );
    }
    for (const table of ready) waiting.delete(table.name);
    ordered.push(...ready);
  }
  return ordered;
}
