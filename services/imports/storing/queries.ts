/** Reads what was imported. */
import type { Database } from '../../database/pool.ts';
import type { ImportQueries } from '../port.ts';
import { exportRows } from './export-rows.ts';
import { readRows } from './rows.ts';
import { listViews, readView } from './views.ts';

/** Opens the queries of a migrated database. Every method throws PerennialError `DatabaseUnavailable`. */
export function createImportQueries(database: Database): ImportQueries {
  return {
    view: (id) => readView(database, id),
    list: (filter, limit) => listViews(database, filter, limit),
    rows: (id, after, limit) => readRows(database, id, { after, limit }),
    export: (id, format, signal) => exportRows(database, id, format, signal),
  };
}
