/** Threads that look at whole files before anything is saved, over the one pool. Their bytes come from, and go to, the worker. */
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
  PlanWishes,
} from './planning-messages.ts';

/** Settings of {@link createPlanner}. */
export interface PlannerOptions extends Omit<PlanLimits, 'minRangeBytes'> {
  /** Files that are looked at at once. */
  readonly threads: number;
  /** Smallest range in bytes. @defaultValue 8 MB */
  readonly minRangeBytes?: number;
  /** How long a thread may work at one file, waiting for bytes not counted, in milliseconds. @defaultValue 10 minutes */
  readonly workMs?: number;
  /** Heap of one thread in megabytes. @defaultValue 512 */
  readonly heapMb?: number;
}

type Rewrite = (content: AsyncIterable<Uint8Array>) => Promise<StoredFile>;

interface Planned extends PlannedFile {
  readonly rewritten: StoredFile | null;
}

/** What the planner offers to the activities. */
export interface Planner {
  plan(file: StoredFile, wishes: PlanWishes, rewrite: Rewrite, signal: AbortSignal): Promise<Planned>;
  close(): Promise<void>;
}

const MIN_RANGE_BYTES = 8 * BYTES_PER_MB;

/** A second-long look at a gigabyte is usual; ten minutes are many times what the largest file takes. */
const WORK_MS = 10 * MINUTE_MS;

/** The texts that cells share take up to 300 MB. */
const HEAP_MB = 512;

/** A thread that nobody needs for so long is ended, in milliseconds. */
const IDLE_MS = 30_000;

/** Makes a planner over stored files; no thread is started before the first file. */
export function createPlanner(files: StoredFiles, options: PlannerOptions): Planner {
  const { threads, workMs = WORK_MS, heapMb = HEAP_MB, ...given } = options;
  const limits: PlanLimits = { minRangeBytes: MIN_RANGE_BYTES, ...given };
  const pool = new Pool<PlanTask, PlanResults>({
    runner: {
      kind: 'thread',
      entry: new URL('./planning-thread.ts', import.meta.url),
      heap: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: heapMb },
    },
    size: threads,
    // Rewritten text has up to one and a half times the bytes of the file; messages that ask for bytes are small.
    limits: { timeMs: workMs, outputBytes: 2 * limits.maxUnpackedBytes + BYTES_PER_MB },
    idleMs: IDLE_MS,
    failure: failureOf,
  });
  return {
    plan: async (file, wishes, rewrite, signal) => {
      const desk = new PlanDesk(files, file, rewrite);
      try {
        const task = { kind: 'plan', size: file.size, wishes, limits } as const;
        const planned = await pool.run(task, signal, { onCall: (call) => desk.answer(call as PlanCall) }); // from the thread
        return { ...planned, rewritten: desk.rewritten };
      } catch (error) {
        await desk.abandon(error as Error); // any cause will do: nobody gets to see it
        throw error;
      }
    },
    close: () => pool.close(),
  };
}

/** Files that take more than they may are not tried again; a thread that dies for any other reason may be unlucky. */
function failureOf(end: RunnerEnd): PerennialError {
  if (end.kind === 'heap' || end.kind === 'time' || end.kind === 'output')
    return new PerennialError(
      'ImportTooLarge',
      `Expected a file that can be looked at within the limits, but ${describeEnd(end)}. Split it, or save a workbook as CSV.`,
    );
  return new PerennialError(
    'Unexpected',
    `Expected a thread to look at the file, but ${describeEnd(end)}. Retried by itself.`,
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

  /** Ends whatever is open, and waits until nothing is written any more. */
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
    // A store that fails takes no further bytes.
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
    content.on('error', () => undefined); // whoever reads it is told
    const stored = this.#rewrite(content);
    stored.catch(() => undefined); // it is awaited by the next call, or when the file is abandoned
    this.#writing = { content, stored };
    return this.#writing;
  }
}
