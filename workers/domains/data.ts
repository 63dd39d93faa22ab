/** Builds the adapters and activities of data. */
import { createDataActivities } from '../../activities/data/index.ts';
import type { DataPorts } from '../../activities/data/ports.ts';
import { cleanupTempFiles } from '../../activities/housekeeping/cleanup-temp-files.ts';
import { uploadPlace } from '../../client/data/place.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createDataCleanings } from '../../services/data/cleanings.ts';
import { createDataExports } from '../../services/data/exports.ts';
import { createDataFiles } from '../../services/data/files.ts';
import { createTableScanner } from '../../services/data/reading/scan.ts';
import { createTableThreads } from '../../services/data/reading/table-threads.ts';
import { createTempFiles } from '../../services/housekeeping/temp-files.ts';
import { createPlanner } from '../../services/imports/reading/planner.ts';
import { createStoredFiles } from '../../services/imports/storing/stored-files.ts';
import { createReportRenderer } from '../../services/reports/renderer.ts';
import type { Domain, DomainContext } from './domain.ts';
import { protectedFolders } from './housekeeping.ts';

/** Tables that are read at once: each may take half a gigabyte. */
const THREADS = 2;

/** Builds the domain of data with its real adapters. */
export function createDataDomain({ config, database, shell }: DomainContext): Domain {
  const { maxFileBytes, maxRecordBytes, threads } = config.imports;
  const blobs = createBlobStore(config.blobs.url);
  const stored = createStoredFiles(blobs);
  const atOnce = Math.min(threads, THREADS);
  const planner = createPlanner(stored, { threads: atOnce, maxRecordBytes, maxUnpackedBytes: maxFileBytes });
  const tables = createTableThreads({ threads: atOnce });
  const sheets = createReportRenderer();
  const ports: DataPorts = {
    files: createDataFiles(database),
    blobs,
    stored,
    scan: createTableScanner({ planner, stored, maxFileBytes }),
    threads: tables,
    cleanings: createDataCleanings(database),
    exports: createDataExports(database),
    sheets,
    cleanTemp: cleanTempOf(config),
    uploadPlace,
  };
  return {
    activities: createDataActivities(ports, shell),
    close: async () => {
      await Promise.all([planner.close(), tables.close(), sheets.close()]);
    },
  };
}

function cleanTempOf(config: DomainContext['config']): DataPorts['cleanTemp'] {
  const { tempDir: root } = config.housekeeping;
  const temp = createTempFiles({ root, protectedFolders: protectedFolders(config) });
  return (input, context) => cleanupTempFiles({ temp, now: () => new Date() }, input, context);
}
