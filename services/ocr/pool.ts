/** A pool of child processes: first come, first served, one task a process, worn-out processes replaced. */
import { PerennialError } from '../../contracts/failures.ts';
import type { ChildSettings, Task, TaskResults } from './messages.ts';
import { ReaderProcess } from './reader-process.ts';
import type { PageLimits } from './reader-process.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** What the pool needs to know. */
export interface PoolSettings extends PageLimits {
  readonly processes: number;
  readonly recyclePages: number;
  readonly child: ChildSettings;
}

interface Waiting {
  readonly task: Task;
  readonly signal: AbortSignal;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Runs tasks in child processes, which start when the first work comes. */
export class ReaderPool {
  readonly #settings: PoolSettings;
  readonly #idle: ReaderProcess[] = [];
  readonly #busy = new Set<ReaderProcess>();
  readonly #living = new Set<Promise<void>>();
  readonly #line: Waiting[] = [];
  #closed = false;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
  }

  /** Waits for a free process and runs the task there. Aborting takes it out of the line, or kills the process. */
  async run<K extends Task['kind']>(task: Extract<Task, { kind: K }>, signal: AbortSignal): Promise<TaskResults[K]> {
    // A signal for each task: all pages of a document share theirs, and Node takes more than ten listeners for a leak.
    const own = AbortSignal.any([signal]);
    // `as`: page-work.ts answers each kind with its own result.
    return (await this.#enqueue(task, own)) as TaskResults[K];
  }

  /** The processes that live now; for tests and diagnosis. */
  pids(): readonly number[] {
    const all = [...this.#idle, ...this.#busy];
    return all.flatMap((reader) => (reader.alive && reader.pid !== undefined ? [reader.pid] : []));
  }

  /** Kills all processes and waits for their end. Work in line or under way fails. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#line.splice(0)) waiting.reject(closedError());
    for (const reader of [...this.#idle.splice(0), ...this.#busy]) reader.kill();
    await Promise.all(this.#living);
  }

  #enqueue(task: Task, signal: AbortSignal): Promise<unknown> {
    if (this.#closed) return Promise.reject(closedError());
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise<unknown>((resolve, reject) => {
      const settled = (settle: () => void): void => {
        signal.removeEventListener('abort', leave);
        settle();
      };
      const waiting: Waiting = {
        task,
        signal,
        resolve: (value) => settled(() => resolve(value)),
        reject: (error) => settled(() => reject(error)),
      };
      const leave = (): void => {
        const at = this.#line.indexOf(waiting);
        if (at < 0) return;
        this.#line.splice(at, 1);
        // `as`: an abort's reason may be anything, and is handed on as it is.
        waiting.reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#line.push(waiting);
      this.#next();
    });
  }

  #next(): void {
    while (this.#line.length > 0 && this.#busy.size < this.#settings.processes) {
      const waiting = this.#line.shift();
      if (waiting === undefined) return;
      const reader = this.#takeIdle() ?? this.#start();
      this.#busy.add(reader);
      void reader
        .run(waiting.task, waiting.signal)
        .then(waiting.resolve, waiting.reject)
        .finally(() => this.#giveBack(reader));
    }
  }

  #start(): ReaderProcess {
    const reader = new ReaderProcess(this.#settings.child, this.#settings);
    const gone = reader.ended.finally(() => this.#living.delete(gone));
    this.#living.add(gone);
    return reader;
  }

  #takeIdle(): ReaderProcess | undefined {
    // The one used last has the document open and its pages warm.
    for (let reader = this.#idle.pop(); reader !== undefined; reader = this.#idle.pop())
      if (reader.alive) return reader;
    return undefined;
  }

  #giveBack(reader: ReaderProcess): void {
    this.#busy.delete(reader);
    // Half the limit at rest would leave the next page only the other half.
    const worn =
      reader.tasks >= this.#settings.recyclePages || reader.rssBytes > (this.#settings.pageMemoryMb * BYTES_PER_MB) / 2;
    if (this.#closed || worn) reader.kill();
    if (reader.alive) this.#idle.push(reader);
    this.#next();
  }
}

function closedError(): PerennialError {
  return new PerennialError(
    'ReaderCrashed',
    'Expected an open reader, but it was closed. It is retried where another worker runs.',
  );
}
