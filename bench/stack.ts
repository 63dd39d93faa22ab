/** Starts the whole product with its defaults, in a folder of its own, for one section of the benchmark. */
import path from 'node:path';
import type { Signature } from '../canvas/signature/signature.ts';
import { type BatchHandle, connectPerennial, type PerennialClient } from '../client/index.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/types.ts';
import type { BatchSummary } from '../contracts/documents/schema.ts';
import { createBlobStore } from '../services/blobs/open.ts';
import { createDatabase } from '../services/database/pool.ts';
import { createDeadLetterRecords } from '../services/dlq/records.ts';
import { createDocumentStore } from '../services/documents/postgres.ts';
import type { DocumentStore } from '../services/documents/port.ts';
import { startStack, type Stack, type StackOptions } from '../stack/supervisor.ts';
import { sealKeysOf } from '../stack/seal-keys.ts';
import type { BenchContext } from './section.ts';
import type { BatchStart } from '../client/documents/types.ts';

/** One batch, measured from its start to its result. */
export interface BatchRun {
  readonly id: string;
  readonly seconds: number;
  readonly summary: BatchSummary;
}

/** A running stack of the product. */
export interface BenchStack {
  readonly temporal: string;
  readonly client: PerennialClient;
  /** Runs a canvas and returns its result. */
  readonly runCanvas: (canvas: Signature) => Promise<unknown>;
  readonly documents: DocumentStore;
  readonly stateDir: string;
  /** Returns the process id of a running part. */
  pid(name: 'temporal' | 'postgres' | 'worker'): number;
  /** Kills the worker at once with all processes that it started; supervision starts another. */
  killWorker(): void;
  /** Reads a batch. @throws Error when a document was not read, unless losses are `allowed` */
  read(input: BatchStart, losses?: 'allowed'): Promise<BatchRun>;
}

/** Options for starting the product. */
export interface BenchStackOptions {
  /** Folders whose files may be read. */
  readonly roots: readonly string[];
  readonly entries?: NonNullable<StackOptions['entries']>;
  /** @defaultValue one worker for all queues */
  readonly workers?: NonNullable<StackOptions['workers']>;
}

/** Maximum wait for a canvas, in milliseconds, so that one that hangs does not block the benchmark. */
const PATIENCE_MS = 900_000;

/** Starts the product, runs `body`, and stops the product even when it fails. */
export async function withStack<T>(
  { folder, log, signal }: BenchContext,
  { roots, entries, workers }: BenchStackOptions,
  body: (bench: BenchStack) => Promise<T>,
): Promise<T> {
  const ports = { TEMPORAL_PORT: '0', UI_PORT: '0', API_PORT: '0', HEALTH_PORT: '0', POSTGRES_PORT: '0' };
  // The environment of the caller is left out, so that the defaults are measured.
  const env = {
    STATE_DIR: path.join(folder, 'state'),
    DOCUMENT_ROOTS: roots.join(path.delimiter),
    SCHEDULES_SYNC: 'false',
    ...ports,
  };
  const config = loadConfig(env);
  const stack = await startStack({
    config,
    log,
    signal,
    components: ['temporal', 'postgres', 'worker'],
    ...(entries === undefined ? {} : { entries }),
    ...(workers === undefined ? {} : { workers }),
  });
  try {
    return await untilAborted(signal, withClient(stack, config, body));
  } finally {
    await stack.stop();
  }
}

async function withClient<T>(stack: Stack, config: Config, body: (bench: BenchStack) => Promise<T>): Promise<T> {
  const blobs = createBlobStore(config.blobs.url);
  const database = createDatabase({ url: stack.addresses.database });
  const deadLetterRecords = createDeadLetterRecords(database);
  const sealKeys = sealKeysOf(config);
  const client = await connectPerennial({ address: stack.addresses.temporal, blobs, sealKeys, deadLetterRecords });
  try {
    return await body({
      temporal: stack.addresses.temporal,
      client,
      runCanvas: async (canvas) => (await client.canvas.run(canvas)).result({ timeoutMs: PATIENCE_MS }),
      stateDir: config.stateDir,
      documents: createDocumentStore(database),
      pid: (name) => pidOf(stack, name),
      killWorker: () => stack.processes['worker']?.kill(),
      read: async (input, losses) => {
        const startedAt = performance.now();
        const batch: BatchHandle = await client.documents.batchOcr(input);
        const summary = await batch.result();
        const seconds = (performance.now() - startedAt) / 1000;
        if (summary.saved !== summary.total && losses === undefined)
          throw new Error(`expected every document to be read, got ${lost(summary)}`);
        return { id: batch.id, seconds, summary };
      },
    });
  } finally {
    await client.close();
    await database.close();
  }
}

function pidOf(stack: Stack, name: string): number {
  const pid = stack.processes[name]?.pid;
  if (pid === undefined) throw new Error(`expected a running ${name}, found none`);
  return pid;
}

function lost({ total, saved, outcomes = [] }: BatchSummary): string {
  const reasons = outcomes.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}: ${failure.message}`]));
  return `${String(saved)} of ${String(total)}. ${reasons.join('; ')}`;
}

/** Stops waiting when Ctrl-C is pressed; the caller stops the work itself. */
async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => undefined); // a failure after the abort has no listener
  signal.throwIfAborted();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('interrupted'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
