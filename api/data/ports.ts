/** The ports that only the routes of data use. */
import { createDataExports } from '../../services/data/exports.ts';
import { createDataFiles } from '../../services/data/files.ts';
import type { DataExports, DataFiles } from '../../services/data/port.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** The ports of data. */
export interface DataPorts {
  readonly dataFiles: Pick<DataFiles, 'get'>;
  readonly dataExports: Pick<DataExports, 'find'>;
}

/** What the handlers of data may use. */
export type DataServices = ApiServices & DataPorts;

/** Builds the ports over the database. */
export function openDataPorts({ database }: ApiRoot): DataPorts {
  return { dataFiles: createDataFiles(database), dataExports: createDataExports(database) };
}
