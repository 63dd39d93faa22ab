/** The port that only the routes of data use. */
import { createDataFiles } from '../../services/data/files.ts';
import type { DataFiles } from '../../services/data/port.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** The port of data. */
export interface DataPorts {
  readonly dataFiles: Pick<DataFiles, 'get'>;
}

/** What the handlers of data may use. */
export type DataServices = ApiServices & DataPorts;

/** Builds the port over the database. */
export function openDataPorts({ database }: ApiRoot): DataPorts {
  return { dataFiles: createDataFiles(database) };
}
