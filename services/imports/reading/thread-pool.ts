/** A few threads that read ranges, started when they are needed and ended when they have been idle for a while. */
import { Worker } from 'node:worker_threads';
import { PerennialError } from '../../../contracts/failures.ts';
import type { RangeReading, RangeReaders } from '../port.ts';
import type { Batch, RangeJob } from './range-reader.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

/** Settings of {@link createRangeReaders}. */
export interface RangeReadersOptions {
  /** Threads at once. */
  readonly threads: number;
  /** A thread that nobody needs for so long is ended, in milliseconds. @defaultValue 30,000 */
  readonly idleMs?: number;
}

/** Small heaps: what a thread holds are a block and the batch it becomes. */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 };

/** Opens a pool; no thread is started before the first range. */
export function createRangeReaders(options: RangeReadersOptions): RangeReaders {
  const pool = new ThreadPool(options);
  return {
    begin: async (job, signal) => {
      signal.throwIfAborted();
      const thread = await pool.acquire(signal);
      try {
        await thread.begin(job);
      } catch (error) {
        pool.giveBack(thread);
        throw error;
      }
      return readingOf(pool, thread);
    },
    close: () => pool.close(),
  };
}

function readingOf(pool: ThreadPool, thread: RangeThread): RangeReading {
  let open = true;
  return {
    read: (bytes, last) => thread.read(bytes, last),
    release: (batch) => {
      thread.takeBack(batch);
    },
    end: async () => {
      if (!open) return;
      open = false;
      await thread.settled();
      pool.giveBack(thread);
    },
  };
}

class ThreadPool {
  readonly #threads: number;
  readonly #idleMs: number;
  readonly #idle: RangeThread[] = [];
  readonly #all = new Set<RangeThread>();
  readonly #line: ((thread: RangeThread) => void)[] = [];

  constructor({ threads, idleMs = 30_000 }: RangeReadersOptions) {
    this.#threads = threads;
    this.#idleMs = idleMs;
  }

  /** Waits for a thread; first come, first served. */
  async acquire(signal: AbortSignal): Promise<RangeThread> {
    const waiting = this.#idle.pop();
    if (waiting !== undefined) return waiting;
    if (this.#all.size < this.#threads) return this.#start();
    return new Promise<RangeThread>((resolve, reject) => {
      const take = (thread: RangeThread): void => {
        signal.removeEventListener('abort', leave);
        resolve(thread);
      };
      const leave = (): void => {
        this.#line.splice(this.#line.indexOf(take), 1);
        reject(abortReason(signal));
      };
      this.#line.push(take);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  giveBack(thread: RangeThread): void {
    const next = this.#line.shift();
    if (next !== undefined) next(thread.alive ? thread : this.#start());
    else if (thread.alive) {
      this.#idle.push(thread);
      thread.endAfter(this.#idleMs);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((thread) => thread.stop()));
  }

  #start(): RangeThread {
    const thread = new RangeThread(() => {
      this.#all.delete(thread);
      const at = this.#idle.indexOf(thread);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    this.#all.add(thread);
    return thread;
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}

class RangeThread {
  readonly #worker: Worker;
  readonly #onEnd: () => void;
  #waiting: { resolve: (batches: readonly Batch[]) => void; reject: (error: Error) => void } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #spent: ArrayBuffer[] = [];
  #idle: NodeJS.Timeout | undefined;
  alive = true;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#worker = new Worker(new URL('./thread.mjs', import.meta.url), {
      execArgv: [],
      // Keys and passwords of the worker are none of its business.
      env: { TZ: 'UTC' },
      resourceLimits: LIMITS,
    });
    this.#worker.on('message', (answer: FromThread) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (answer.kind === 'batches') waiting?.resolve(answer.batches);
      else waiting?.reject(broken(answer.message));
    });
    this.#worker.on('error', (error) => {
      this.#fail(broken(error.message));
    });
    this.#worker.on('exit', () => {
      this.#fail(broken('the thread has ended'));
    });
  }

  async begin(job: RangeJob): Promise<void> {
    clearTimeout(this.#idle);
    this.#worker.ref();
    await this.#ask({ kind: 'begin', job }, []);
  }

  read(bytes: Uint8Array<ArrayBuffer>, last: boolean): Promise<readonly Batch[]> {
    const spent = this.#spent.splice(0);
    const own = bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer] : [];
    return this.#ask({ kind: 'bytes', bytes, last, spent }, [...own, ...spent]);
  }

  /** Takes the memory of a batch that is saved; it goes to the thread with the next bytes. */
  takeBack({ copy, rejects }: Batch): void {
    this.#spent.push(copy.buffer, rejects.buffer);
  }

  /** Resolves when nothing is being worked on. */
  async settled(): Promise<void> {
    await this.#last.catch(() => undefined);
  }

  endAfter(ms: number): void {
    this.#worker.unref();
    this.#idle = setTimeout(() => void this.stop(), ms);
    this.#idle.unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    this.#fail(broken('the pool was closed'));
    await this.#worker.terminate();
  }

  #ask(message: ToThread, transfer: ArrayBuffer[]): Promise<readonly Batch[]> {
    if (!this.alive) return Promise.reject(broken('the thread has ended'));
    const asked = this.#last.then(
      () => this.#send(message, transfer),
      () => this.#send(message, transfer),
    );
    this.#last = asked;
    return asked;
  }

  #send(message: ToThread, transfer: ArrayBuffer[]): Promise<readonly Batch[]> {
    return new Promise((resolve, reject) => {
      if (!this.alive) {
        reject(broken('the thread has ended'));
        return;
      }
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(message, transfer);
    });
  }

  #fail(error: Error): void {
    if (this.alive) {
      this.alive = false;
      this.#onEnd();
    }
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

function broken(found: string): PerennialError {
  return new PerennialError(
    'Unexpected',
    `Expected a thread to read a range, found: ${found.slice(0, 200)}. Retried by itself.`,
  );
}
