/**
 * Threads of the shared pool that scan whole files before anything is saved. The worker supplies their bytes and stores
 * what they write.
 */
import { PassThrough } from 'node:stream';
import { once } from 'node:events';
import { PerennialError } from '../../../contracts/failures.ts';
import type { StoredFile } from '../../../contracts/imports/schema.ts';
import { BYTES_PER_MB, MINUTE_MS } from '../../../contracts/values/units.ts';
import { Pool } from '../../processes/pool.ts';
import { describeEnd, type Reply, type RunnerEnd } from '../../processes/port.ts';
import type { StoredFiles } from '../port.ts';
import { ownBytes } from './byte-room.ts';
import type {
  PlanCall,
  PlanLimits,
  PlannedFile,
  PlannedSource,
  PlanResults,
  PlanTask,
  PlanOptions,
} from './planning-messages.ts';
import { moduleBeside } from '../../../contracts/values/modules.ts';

/** Settings of {@link createPlanner}. */
export interface PlannerOptions extends Omit<PlanLimits, 'minRangeBytes'> {
  /** Number of files that are scanned at once. */
  readonly threads: number;
  /**
   * Smallest range, in bytes.
   * @defaultValue 8 MB
   */
  readonly minRangeBytes?: number;
  /**
   * Working time of a thread for one file, without waiting for bytes, in milliseconds.
   * @defaultValue 10 minutes
   */
  readonly workMs?: number;
  /**
   * Heap of one thread, in megabytes.
   * @defaultValue 512
   */
  readonly heapMb?: number;
}

type Rewrite = (content: AsyncIterable<Uint8Array>) => Promise<StoredFile>;

interface Planned extends PlannedFile {
  readonly rewritten: StoredFile | null;
}

/** Scans files for the activities. */
export interface Planner {
  plan(file: StoredFile, options: PlanOptions, rewrite: Rewrite, signal: AbortSignal): Promise<Planned>;
  close(): Promise<void>;
}

const MIN_RANGE_BYTES = 8 * BYTES_PER_MB;

/** Scanning a gigabyte takes about a second; ten minutes are many times what the largest file takes. */
const WORK_MS = 10 * MINUTE_MS;

/** The shared texts of a workbook take up to 300 MB. */
const HEAP_MB = 512;

/** Time without work after which a thread is ended, in milliseconds. */
const IDLE_MS = 30_000;

/** Creates a planner over stored files; threads start with the first file. */
export function createPlanner(files: StoredFiles, options: PlannerOptions): Planner {
  const { threads, workMs = WORK_MS, heapMb = HEAP_MB, ...given } = options;
  const limits: PlanLimits = { minRangeBytes: MIN_RANGE_BYTES, ...given };
  const pool = new Pool<PlanTask, PlanResults>({
    runner: {
      kind: 'thread',
      entry: moduleBeside(import.meta.url, './planning-thread'),
      heap: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: heapMb },
    },
    size: threads,
    // Rewritten text is at most one and a half times as large as the file, and requests for bytes are small.
    limits: { timeMs: workMs, outputBytes: 2 * limits.maxUnpackedBytes + BYTES_PER_MB },
    idleMs: IDLE_MS,
    failure: failureOf,
  });
  return {
    plan: async (file, options, rewrite, signal) => {
      const desk = new PlanDesk(files, file, rewrite);
      try {
        const task = { kind: 'plan', size: file.size, options, limits } as const;
        const planned = await pool.run(task, signal, { onCall: (call) => desk.answer(call as PlanCall) }); // from the thread
        return { ...planned, rewritten: desk.rewritten };
      } catch (error) {
        await desk.abandon(error as Error); // the cause is not shown anywhere
        throw error;
      }
    },
    close: () => pool.close(),
  };
}

/**
 * Maps the end of a thread to a failure. Exceeding a limit is permanent; any other end may be an accident and is
 * retried.
 */
function failureOf(end: RunnerEnd): PerennialError {
  if (end.kind === 'heap' || end.kind === 'time' || end.kind === 'output')
    return new PerennialError(
      'ImportTooLarge',
      `Expected a file that can be scanned within the limits, but ${describeEnd(end)}. Split it, or save a workbook as CSV.`,
    );
  return new PerennialError(
    'Unexpected',
    `Expected a thread to scan the file, but ${describeEnd(end)}. It is retried automatically.`,
  );
}

/** Serves the thread that plans one file. */
class PlanDesk {
  readonly #files: StoredFiles;
  readonly #file: StoredFile;
  readonly #rewrite: Rewrite;
  readonly #streams = new Map<number, AsyncIterator<Buffer>>();
  #opened = 0;
  #writing: { readonly content: PassThrough; readonly stored: Promise<StoredFile> } | undefined;
  rewritten: StoredFile | null = null;

  constructor(files: StoredFiles, file: StoredFile, rewrite: Rewrite) {
    this.#files = files;
    this.#file = file;
    this.#rewrite = rewrite;
  }

  async answer(call: PlanCall): Promise<Reply> {
    switch (call.kind) {
      case 'open':
        return { value: this.#open(call.of, call.from, call.to) };
      case 'next':
        return this.#next(call.stream);
      case 'close':
        await this.#close(call.stream);
        return { value: undefined };
      case 'write':
        await this.#write(call.bytes);
        return { value: undefined };
      case 'finish':
        return { value: await this.#finish() };
    }
  }

  /** Closes open streams and waits until nothing is being written. */
  async abandon(reason: Error): Promise<void> {
    this.#writing?.content.destroy(reason);
    await this.#writing?.stored.catch(() => undefined);
    for (const stream of [...this.#streams.keys()]) await this.#close(stream).catch(() => undefined);
  }

  #open(of: PlannedSource, from: number, to: number): number {
    const file = of === 'given' ? this.#file : this.rewritten;
    if (file === null) throw new TypeError('expected a file that has been rewritten');
    this.#opened += 1;
    this.#streams.set(this.#opened, this.#files.read(file, from, to)[Symbol.asyncIterator]());
    return this.#opened;
  }

  async #next(stream: number): Promise<Reply> {
    const next = await this.#streams.get(stream)?.next();
    if (next === undefined || next.done === true) return { value: undefined };
    const value = ownBytes(next.value);
    return { value, transfer: [value.buffer] };
  }

  async #close(stream: number): Promise<void> {
    const iterator = this.#streams.get(stream);
    this.#streams.delete(stream);
    await iterator?.return?.();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const { content, stored } = this.#startWriting();
    if (content.write(bytes)) return;
    // A store that has failed takes no further bytes, so waiting for room alone would never end.
    await Promise.race([once(content, 'drain'), stored]);
  }

  async #finish(): Promise<number> {
    const { content, stored } = this.#startWriting();
    content.end();
    this.rewritten = await stored;
    return this.rewritten.size;
  }

  #startWriting(): { readonly content: PassThrough; readonly stored: Promise<StoredFile> } {
    if (this.#writing !== undefined) return this.#writing;
    const content = new PassThrough({ highWaterMark: BYTES_PER_MB });
    content.on('error', () => undefined); // the reader of the stream receives the error
    const stored = this.#rewrite(content);
    stored.catch(() => undefined); // the next call, or abandoning the file, awaits it
    this.#writing = { content, stored };
    return this.#writing;
  }
}
