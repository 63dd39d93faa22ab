/** The ports that only the routes of imports use. */
import { createOpenRows } from '../../services/housekeeping/open-rows.ts';
import type { OpenRows } from '../../services/housekeeping/port.ts';
import type { ImportQueries } from '../../services/imports/port.ts';
import { createImportQueries } from '../../services/imports/storing/queries.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** The ports of imports. */
export interface ImportPorts {
  readonly imports: ImportQueries;
  readonly importRows: Pick<OpenRows, 'closeImport'>;
}

/** What the handlers of imports may use. */
export type ImportServices = ApiServices & ImportPorts;

/** Builds the ports over the database. */
export function openImportPorts({ database }: ApiRoot): ImportPorts {
  return { imports: createImportQueries(database), importRows: createOpenRows(database) };
}
