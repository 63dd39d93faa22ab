/** The housekeeping domain over real adapters: a database, a blob store and folders of its own, and a Temporal server. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../../config/load.ts';
import type { Config } from '../../../config/types.ts';
import type { TaskInput, TaskName, TaskOutput } from '../../../contracts/catalogue.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { taskWorkflows } from '../../../contracts/tasks/definition.ts';
import { createLogger } from '../../../observability/logger.ts';
import { createBlobStore } from '../../../services/blobs/open.ts';
import type { BlobStore } from '../../../services/blobs/port.ts';
import { createHousekeepingDomain } from '../../../workers/domains/housekeeping.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { startTestTemporal, type TestTemporal } from '../../support/temporal.ts';
import { silentLog } from '../../support/silent-log.ts';

export interface House {
  readonly temporal: TestTemporal;
  readonly test: TestDatabase;
  readonly config: Config;
  readonly blobs: BlobStore;
  /** Folder of the blob store. */
  readonly blobFolder: string;
  readonly activities: Activities;
  /** Runs one task as callers and schedules do. */
  run<N extends TaskName>(name: N, input?: Partial<TaskInput<N>>): Promise<TaskOutput<N>>;
  stop(): Promise<void>;
}

const logger = createLogger({ level: 'FATAL', name: 'test' });

export async function startHouse(env: Readonly<Record<string, string>> = {}): Promise<House> {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'perennial-house-'));
  const [temporal, test] = await Promise.all([startTestTemporal(), testDatabase()]);
  const config = loadConfig({ STATE_DIR: stateDir, DATABASE_URL: test.url, ...env });
  const shell = { log: () => silentLog, retryDelayScale: 0.001 };
  const { activities } = createHousekeepingDomain({ config, database: test.db, logger, shell });
  return {
    temporal,
    test,
    config,
    blobs: createBlobStore(config.blobs.url),
    blobFolder: path.join(stateDir, 'blobs'),
    activities,
    run: <N extends TaskName>(name: N, input: Partial<TaskInput<N>> = {}) =>
      temporal.withWorkers(
        activities,
        () =>
          temporal.client.workflow.execute(taskWorkflows.runTask, {
            taskQueue: queues.workflows,
            workflowId: `test-${name}-${randomUUID()}`,
            args: [name, input],
          }) as Promise<TaskOutput<N>>, // what the task's schema says
      ),
    stop: async () => {
      await temporal.stop();
      await test.drop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
