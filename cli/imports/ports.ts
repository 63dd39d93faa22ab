/** The ports that only the commands of imports use. */
import { createOpenRows } from '../../services/housekeeping/open-rows.ts';
import type { OpenRows } from '../../services/housekeeping/port.ts';
import type { ImportQueries } from '../../services/imports/port.ts';
import { createImportQueries } from '../../services/imports/storing/queries.ts';
import type { CliRoot } from '../root.ts';
import type { CliContext, CliServices } from '../terminal/context.ts';

/** The ports of imports. */
export interface ImportPorts {
  readonly imports: ImportQueries;
  readonly importRows: Pick<OpenRows, 'closeImport'>;
}

/** What the commands of imports use once connected. */
export type ImportServices = CliServices & ImportPorts;

/** What one run of a command of imports works with. */
export type ImportContext = CliContext<ImportServices>;

/** Builds the ports over the database. */
export function openImportPorts({ database }: CliRoot): ImportPorts {
  return { imports: createImportQueries(database), importRows: createOpenRows(database) };
}
