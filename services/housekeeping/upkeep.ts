/** Maintenance of the database: VACUUM and sizes. */
import type { Database } from '../database/pool.ts';
import type { DatabaseUpkeep, TableState } from './port.ts';
import { HOUR_MS } from '../../contracts/values/units.ts';

/** Time limit for one table; the activity around it has a limit of its own. */
const VACUUM_TIMEOUT_MS = 2 * HOUR_MS;

/** Creates the maintenance of a migrated database. */
export function createDatabaseUpkeep(database: Database): DatabaseUpkeep {
  return {
    size: async () => {
      const { rows } = await database.query<{ bytes: number }>(
        'select pg_database_size(current_database())::double precision as bytes',
      );
      return rows[0]?.bytes ?? 0;
    },
    tables: async () => {
      const { rows } = await database.query<TableState>(
        `select c.relname as name, coalesce(s.n_dead_tup, 0)::integer as "deadRows"
         from pg_class c left join pg_stat_user_tables s on s.relid = c.oid
         where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
         order by c.relname`,
      );
      return rows;
    },
    // VACUUM is sent as a single statement, because PostgreSQL refuses it inside a transaction.
    vacuum: async (table, signal) => {
      const name = `"${table.replaceAll('"', '""')}"`;
      await database.query(`vacuum (analyze) ${name}`, undefined, { signal, timeoutMs: VACUUM_TIMEOUT_MS });
    },
  };
}
