/** The whole product for one test file: real server, database and worker processes in a folder of their own. */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectPerennial, type PerennialClient } from '../../../client/index.ts';
import { loadConfig } from '../../../config/load.ts';
import { createBlobStore } from '../../../services/blobs/open.ts';
import { createDatabase, type Database } from '../../../services/database/pool.ts';
import { samplesFolder } from '../../../scripts/samples/truth.ts';
import { bundleFile } from './bundle.ts';
import { lineReporter } from '../../../stack/reporter.ts';
import { type Component, startStack, type Stack, type WorkerSpec } from '../../../stack/supervisor.ts';
import { sealKeysOf } from '../../../stack/seal-keys.ts';

/** A running product and ways to look into it. */
export interface TestStack {
  readonly stack: Stack;
  readonly client: PerennialClient;
  readonly database: Database;
  /** Where large payloads are stored. */
  readonly blobUrl: string;
  /** Keys of sealed values. */
  readonly sealKeys: string;
  /** Folder whose files workers may read. */
  readonly inbox: string;
  /** Puts copies of one sample there; gives their paths. */
  fill(sample: string, count: number): Promise<string[]>;
  stop(): Promise<void>;
}

/** Settings of {@link startTestStack}. */
export interface TestStackOptions {
  readonly components?: readonly Component[];
  readonly workers?: readonly WorkerSpec[];
  /** Environment variables beside those of the test itself. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Two workers that can do everything: one may die. */
export const TWO_WORKERS: readonly WorkerSpec[] = [
  { name: 'worker-1', fleet: 'all' },
  { name: 'worker-2', fleet: 'all' },
];

/** Environment variables with which every part of a stack takes a port that nobody uses. */
export const FREE_PORTS = {
  TEMPORAL_PORT: '0',
  UI_PORT: '0',
  API_PORT: '0',
  HEALTH_PORT: '0',
  METRICS_PORT: '0',
  INBOX_PORT: '0',
  INBOX_SMTP_PORT: '0',
} as const;

/** Tests kill the same process again and again; each pause would be twice the one before. */
const LONGEST_PAUSE_MS = 500;

/** What a killed server has written stays with the system, and no test kills that: nothing waits for the disk. */
const MACHINE_LIVES = { fsync: 'off', full_page_writes: 'off' };

/** Starts a stack; retry delays are a fiftieth of the real ones. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'perennial-test-stack-'));
  const inbox = path.join(stateDir, 'inbox');
  await mkdir(inbox);
  const bundle = await bundleFile();
  const env = {
    STATE_DIR: stateDir,
    RETRY_DELAY_SCALE: '0.02',
    SHUTDOWN_GRACE_MS: '2000',
    SCHEDULES_SYNC: 'false',
    ...(bundle === undefined ? {} : { WORKFLOW_BUNDLE: bundle }),
    ...FREE_PORTS,
    ...options.env,
  };
  const lines: string[] = [];
  const config = loadConfig({ ...process.env, ...env });
  const stack = await startStack({
    config,
    log: lineReporter((line) => lines.push(line)),
    longestPauseMs: LONGEST_PAUSE_MS,
    postgresSettings: MACHINE_LIVES,
    components: options.components ?? ['temporal', 'postgres', 'worker'],
    ...(options.workers === undefined ? {} : { workers: options.workers }),
  }).catch((error: unknown) => {
    throw new TypeError(`the stack did not start:\n${lines.join('\n')}`, { cause: error });
  });
  const blobs = createBlobStore(config.blobs.url);
  const sealKeys = sealKeysOf(config) ?? '';
  const client = await connectPerennial({ address: stack.addresses.temporal, blobs, sealKeys });
  const database = createDatabase({ url: stack.addresses.database });
  return {
    stack,
    client,
    database,
    sealKeys,
    blobUrl: config.blobs.url,
    inbox,
    fill: (sample, count) => fill(inbox, sample, count),
    stop: async () => {
      await client.close();
      await database.close();
      await stack.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

async function fill(inbox: string, sample: string, count: number): Promise<string[]> {
  const folder = await mkdtemp(path.join(inbox, 'batch-'));
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const file = path.join(folder, `${String(n).padStart(4, '0')}-${sample}`);
      await copyFile(path.join(samplesFolder, sample), file);
      return file;
    }),
  );
}
