/** The activities of data: one body for each row of `contracts/data/tasks.ts`. */
import { dataTaskSchemas } from '../../contracts/data/schema.ts';
import { dataTasks } from '../../contracts/data/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import type { DataPorts } from './ports.ts';
import { clean } from './clean.ts';
import { exportTable } from './export.ts';
import { profile } from './profile.ts';

/** Creates the activities of data. Every one may run twice: a file is one row, and its report is noted once. */
export const createDataActivities = activitiesOf(dataTasks, dataTaskSchemas, (ports: DataPorts) => ({
  cleanupTempFiles: (input, context) => ports.cleanTemp(input, context),
  profile: (input, context) => profile(ports, input, context),
  clean: (input, context) => clean(ports, input, context),
  undoClean: async ({ userId, fileId, cleaningId }, { tenant }) => {
    await ports.cleanings.undo({ userId, fileId, tenant }, cleaningId);
    return { status: 'undone' as const, file_id: fileId, cleaning_id: cleaningId };
  },
  export: (input, context) => exportTable(ports, input, context),
}));
