/** Determines what a backup contains: the tables, in an order in which they can be loaded. */
import type pg from 'pg';
import { PerennialError } from '../../../contracts/failures.ts';
import { migratedTables } from '../../database/migrate.ts';
import type { BackupHeader, BackupTable } from './format.ts';

/** The header of a backup, and the tables that do not belong to the product. */
export interface Plan {
  readonly header: BackupHeader;
  readonly others: readonly string[];
}

/**
 * Reads the plan over a connection inside the transaction of the backup. Foreign tables are left out, because no
 * migration would create them again.
 */
export async function readPlan(client: pg.ClientBase): Promise<Plan> {
  const ours = await migratedTables();
  const { rows: facts } = await client.query<{ server: string; at: Date }>(
    `select current_setting('server_version') as server, now() as at`,
  );
  const { rows: migrations } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migrations order by name',
  );
  const { rows: sequences } = await client.query<{ name: string; value: string }>(
    `select s.relname as name, q.last_value::text as value
     from pg_sequences q join pg_class s on s.relname = q.sequencename and s.relnamespace = current_schema()::regnamespace
     join pg_depend d on d.objid = s.oid and d.deptype in ('a', 'i') join pg_class t on t.oid = d.refobjid
     where q.schemaname = current_schema() and q.last_value is not null and t.relname = any($1::text[]) order by 1`,
    [[...ours]],
  );
  const tables = await readTables(client);
  const header: BackupHeader = {
    format: 1,
    createdAt: (facts[0]?.at ?? new Date()).toISOString(),
    server: facts[0]?.server ?? 'unknown',
    migrations,
    tables: inLoadingOrder(
      tables.filter(({ name }) => ours.has(name)),
      await readReferences(client),
    ),
    sequences,
  };
  return { header, others: tables.map(({ name }) => name).filter((name) => !ours.has(name)) };
}

/** Reads the tables without generated columns, which PostgreSQL computes again. */
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
 * Orders tables so that each follows the ones it references.
 * @throws PerennialError `Unexpected` for tables that reference each other in a circle
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
        `Expected tables without circular references, got a circle among ${names}.`,
      );
    }
    for (const table of ready) waiting.delete(table.name);
    ordered.push(...ready);
  }
  return ordered;
}
