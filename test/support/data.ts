/** The activities of data over real adapters: database, blobs and threads are real. Call it at the top of a test file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { createDataActivities } from '../../activities/data/index.ts';
import type { DataPorts } from '../../activities/data/ports.ts';
import { cleanupTempFiles } from '../../activities/housekeeping/cleanup-temp-files.ts';
import { uploadPlace } from '../../client/data/place.ts';
import type { DataReport, ProfileInput, ProfileOutput } from '../../contracts/data/schema.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import { createDataCleanings } from '../../services/data/cleanings.ts';
import { createDataExports } from '../../services/data/exports.ts';
import { createDataFiles } from '../../services/data/files.ts';
import { createTableScanner } from '../../services/data/reading/scan.ts';
import { createTableThreads } from '../../services/data/reading/table-threads.ts';
import { createTempFiles } from '../../services/housekeeping/temp-files.ts';
import { createPlanner } from '../../services/imports/reading/planner.ts';
import { createStoredFiles } from '../../services/imports/storing/stored-files.ts';
import { createReportRenderer } from '../../services/reports/renderer.ts';
import { activityRuns, type ActivityRuns } from './activity-runs.ts';
import { testDatabase, type TestDatabase } from './servers/postgres.ts';

/** What a test of data works with. */
export interface DataWorld extends ActivityRuns {
  readonly test: TestDatabase;
  readonly blobs: BlobStore;
  /** Folder of temporary files; it is there when a test makes it. */
  readonly tempDir: string;
  readonly ports: DataPorts;
  /** Stores bytes as an upload of a user. */
  upload(content: string | Uint8Array, userId?: string): Promise<BlobRef>;
  /** Uploads a table of Ada and has it read. */
  profile(content: string | Uint8Array, given?: Partial<ProfileInput>): Promise<ProfileOutput>;
  /** Uploads a table of Ada, has it read and returns the report. */
  report(content: string | Uint8Array, given?: Partial<ProfileInput>): Promise<DataReport>;
  text(ref: BlobRef): Promise<string>;
}

/** Everything is closed by itself; the users `ada` and `bob` are there. */
export function dataTests(): DataWorld {
  let world:
    (Pick<DataWorld, 'test' | 'blobs' | 'tempDir' | 'ports'> & ActivityRuns & { close(): Promise<void> }) | undefined;
  const open = (): NonNullable<typeof world> => {
    if (world === undefined) throw new TypeError('expected a world, the tests have not begun');
    return world;
  };
  beforeAll(async () => {
    const test = await testDatabase();
    await test.db.query(`insert into users (id, email) values ('ada', 'ada@example.com'), ('bob', 'bob@example.com')`);
    const folder = await mkdtemp(path.join(tmpdir(), 'perennial-test-data-'));
    const blobs = createBlobStore(pathToFileURL(folder).href);
    const stored = createStoredFiles(blobs);
    const maxFileBytes = 200 * BYTES_PER_MB;
    const planner = createPlanner(stored, { threads: 1, maxRecordBytes: 100_000, maxUnpackedBytes: maxFileBytes });
    const threads = createTableThreads({ threads: 1 });
    const temp = createTempFiles({ root: path.join(folder, 'temp'), protectedFolders: [] });
    const sheets = createReportRenderer();
    const ports: DataPorts = {
      files: createDataFiles(test.db),
      blobs,
      stored,
      scan: createTableScanner({ planner, stored, maxFileBytes }),
      threads,
      cleanings: createDataCleanings(test.db),
      exports: createDataExports(test.db),
      sheets,
      cleanTemp: (input, context) => cleanupTempFiles({ temp, now: () => new Date() }, input, context),
      uploadPlace,
    };
    world = {
      test,
      blobs,
      tempDir: path.join(folder, 'temp'),
      ports,
      ...activityRuns((shell) => createDataActivities(ports, shell)),
      close: async () => {
        await Promise.all([planner.close(), threads.close(), sheets.close()]);
        await rm(folder, { recursive: true, force: true });
        await test.drop();
      },
    };
  });
  afterAll(async () => {
    await world?.close();
  });
  const tests: DataWorld = {
    get test() {
      return open().test;
    },
    get blobs() {
      return open().blobs;
    },
    get tempDir() {
      return open().tempDir;
    },
    get ports() {
      return open().ports;
    },
    get activities() {
      return open().activities;
    },
    get logged() {
      return open().logged;
    },
    run: (...call) => open().run(...call),
    upload: (content, userId = 'ada') =>
      open().blobs.put(uploadPlace(userId, undefined), typeof content === 'string' ? Buffer.from(content) : content),
    profile: async (content, given = {}) => {
      const file = await tests.upload(content, given.userId);
      return (await tests.run('data.profile', { userId: 'ada', file, ...given })) as ProfileOutput; // its schema says so
    },
    report: async (content, given = {}) => {
      serial += 1;
      const { report } = await tests.profile(content, { fileId: `file-${String(serial)}`, ...given });
      return JSON.parse(await tests.text(report)) as DataReport; // what the task has written
    },
    text: async (ref) => {
      const parts: Buffer[] = [];
      for await (const part of await open().blobs.open(ref)) parts.push(part as Buffer);
      return Buffer.concat(parts).toString('utf8');
    },
  };
  return tests;
}

let serial = 0;
