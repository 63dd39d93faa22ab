/** Builds the adapters and activities of imports. */
import { createReadStream } from 'node:fs';
import { createImportActivities } from '../../activities/imports/index.ts';
import type { ImportPaths, ImportPorts } from '../../activities/imports/ports.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { confinePath } from '../../services/files/confine.ts';
import { createDownloader } from '../../services/imports/download/download.ts';
import { createPlanner } from '../../services/imports/reading/planner.ts';
import { importRules } from '../../services/imports/reading/rules.ts';
import { createImportStore } from '../../services/imports/storing/store.ts';
import { createStoredFiles } from '../../services/imports/storing/stored-files.ts';
import { createRangeReaders } from '../../services/imports/reading/range-readers.ts';
import type { Domain, DomainContext } from './domain.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/**
 * Threads that scan files. A file is scanned once but read by many threads, and each scan may take half a gigabyte of
 * memory.
 */
const PLANNING_THREADS = 2;

/** Builds the imports domain with its real adapters. */
export function createImportsDomain({ config, database, shell }: DomainContext): Domain {
  const { imports } = config;
  const blobs = createBlobStore(config.blobs.url);
  const files = createStoredFiles(blobs);
  const readers = createRangeReaders({ threads: imports.threads });
  const planner = createPlanner(files, {
    threads: Math.min(imports.threads, PLANNING_THREADS),
    maxRecordBytes: imports.maxRecordBytes,
    maxUnpackedBytes: imports.maxFileBytes,
  });
  const ports: ImportPorts = {
    imports: createImportStore(database),
    blobs,
    files,
    paths: importPaths(config.documents.roots),
    downloader: createDownloader(imports),
    planner,
    readers,
    rules: importRules,
    limits: {
      maxFileBytes: imports.maxFileBytes,
      batchRecords: imports.batchRecords,
      maxDocumentBytes: config.documents.ocr.maxFileMb * BYTES_PER_MB,
    },
    syncSources: imports.syncSources.map((source) => ({ ...source })),
  };
  return { activities: createImportActivities(ports, shell), close: () => closeAll([planner, readers]) };
}

async function closeAll(pools: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(pools.map((pool) => pool.close()));
}

function importPaths(roots: readonly string[]): ImportPaths {
  return {
    open: async (path) => {
      const found = await confinePath(path, roots);
      if (found.kind === 'file') return createReadStream(found.path, { highWaterMark: BYTES_PER_MB });
      throw new PerennialError('InvalidInput', 'source.path: expected a file, got a folder');
    },
  };
}
