/** The activities of imports over real adapters, run without a Temporal server: database, blobs, threads and sockets are real. */
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createImportActivities } from '../../activities/imports/index.ts';
import type { ImportPorts } from '../../activities/imports/ports.ts';
import type { Activities } from '../../activities/shell/activity.ts';
import type { ShellOptions } from '../../activities/shell/shell.ts';
import type { ImportInput, ImportLayout, ImportResult } from '../../contracts/imports/schema.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import type { Database } from '../../services/database/pool.ts';
import { createDownloader } from '../../services/imports/download/download.ts';
import { createPlanner } from '../../services/imports/reading/planner.ts';
import { importRules } from '../../services/imports/reading/rules.ts';
import { createImportStore } from '../../services/imports/storing/store.ts';
import { createStoredFiles } from '../../services/imports/storing/stored-files.ts';
import { createRangeReaders } from '../../services/imports/reading/range-readers.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import { silentLog } from './silent-log.ts';

/** What a test of imports works with. */
export interface ImportWorld {
  readonly ports: ImportPorts;
  /** What a worker serves. */
  readonly activities: Activities;
  readonly blobs: BlobStore;
  /** Folder for files of the test. */
  readonly folder: string;
  /** Runs one task as a worker would. */
  run<T>(task: string, input: unknown): Promise<T>;
  /** Stores bytes as an upload. */
  upload(content: string | Uint8Array): Promise<ImportInput['source']>;
  /** The whole pipeline, step by step, with the cleanup that the workflow owes. */
  importAll(input: ImportInput, runId?: string): Promise<ImportResult>;
  /** Temporary files of imports that are still there. */
  leftovers(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Limits that differ from the usual ones. */
export interface ImportWorldOptions {
  readonly maxRecordBytes?: number;
  readonly maxFileBytes?: number;
  readonly rangeBytes?: number;
  readonly batchRecords?: number;
  readonly partBytes?: number;
  readonly silenceMs?: number;
  readonly allowPrivate?: boolean;
  readonly allowedHosts?: readonly string[];
}

/** Expected failures would fill the output. */
const quiet = new DefaultLogger('ERROR', () => undefined);

const silent: ShellOptions = {
  log: () => silentLog,
};

/** Opens a world in a folder of its own. */
export async function importWorld(database: Database, options: ImportWorldOptions = {}): Promise<ImportWorld> {
  const folder = await mkdtemp(path.join(tmpdir(), 'perennial-test-imports-'));
  const store = path.join(folder, 'blobs');
  const blobs = createBlobStore(pathToFileURL(store).href);
  const files = createStoredFiles(blobs, options.partBytes);
  const readers = createRangeReaders({ threads: 2 });
  const planner = createPlanner(files, {
    threads: 1,
    maxRecordBytes: options.maxRecordBytes ?? BYTES_PER_MB,
    maxUnpackedBytes: options.maxFileBytes ?? 100 * BYTES_PER_MB,
    ...(options.rangeBytes === undefined ? {} : { minRangeBytes: options.rangeBytes }),
  });
  const ports: ImportPorts = {
    imports: createImportStore(database),
    blobs,
    files,
    paths: { open: (file) => Promise.resolve(createReadStream(file)) },
    downloader: createDownloader({
      maxRedirects: 5,
      silenceMs: options.silenceMs ?? 5_000,
      allowPrivate: options.allowPrivate ?? true,
      allowedHosts: options.allowedHosts ?? [],
    }),
    planner,
    readers,
    rules: importRules,
    limits: {
      maxFileBytes: options.maxFileBytes ?? 100 * BYTES_PER_MB,
      batchRecords: options.batchRecords ?? 1_000,
      maxDocumentBytes: BYTES_PER_MB,
    },
    syncSources: [],
  };
  const activities: Readonly<Record<string, (input: unknown) => Promise<unknown>>> = createImportActivities(
    ports,
    silent,
  );
  const run = async <T>(task: string, input: unknown): Promise<T> => {
    const activity = activities[`imports.${task}`];
    if (activity === undefined) throw new TypeError(`expected a task of imports, got ${task}`);
    const output: unknown = await new MockActivityEnvironment(undefined, { logger: quiet }).run(activity, input);
    return output as T; // what the task's schema says
  };
  return {
    ports,
    activities,
    blobs,
    folder,
    run,
    upload: async (content) => ({
      blob: await blobs.put('imports/uploads', typeof content === 'string' ? Buffer.from(content) : content),
    }),
    importAll: (input, runId) => importAll(run, input, runId),
    leftovers: () => filesBelow(path.join(store, 'imports')),
    close: async () => {
      await planner.close();
      await readers.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Run = ImportWorld['run'];

async function importAll(run: Run, input: ImportInput, runId: string = randomUUID()): Promise<ImportResult> {
  const id = { importId: `import-${runId}`, runId };
  const upload = input.source.blob === undefined ? {} : { upload: input.source.blob };
  try {
    await run('download', { ...id, input });
    const { ranges } = await run<{ layout: ImportLayout; ranges: number }>('parse', id);
    await Promise.all(Array.from({ length: ranges }, (_, range) => run('save', { ...id, range })));
    if (input.schema === 'documents') await run('fetchDocuments', id);
    return await run<ImportResult>('finish', { ...id, status: 'finished' });
  } finally {
    await run('cleanup', { ...id, ...upload });
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
