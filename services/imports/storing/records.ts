/** Imports in the database, for whoever looks at them through a client. */
import type { Database } from '../../database/pool.ts';
import { createOpenRows } from '../../housekeeping/open-rows.ts';
import type { OpenRows } from '../../housekeeping/port.ts';
import type { ImportQueries } from '../port.ts';
import { createImportQueries } from './queries.ts';

/** Builds what `connectPerennial` takes as `importRecords`. */
export function createImportRecords(database: Database): ImportQueries & Pick<OpenRows, 'closeImport'> {
  const open = createOpenRows(database);
  return { ...createImportQueries(database), closeImport: (id, look) => open.closeImport(id, look) };
}
