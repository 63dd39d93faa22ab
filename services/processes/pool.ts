/**
 * The shared pool of child processes and threads: jobs run in the order of arrival, one on each runner, and worn-out
 * runners are replaced. A crash stays inside its runner: that job fails, and waiting jobs get another runner.
 */
import type { JobOptions, KindOfTask, PoolSettings } from './port.ts';
import { Runner } from './runner.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

interface Waiting {
  /** Wants a runner that has not worked before. */
  readonly fresh: boolean;
  readonly resolve: (runner: Runner) => void;
  readonly reject: (error: Error) => void;
}

/** A runner reserved for several jobs in a row, which may build on each other. */
export interface Lease<Task extends KindOfTask, Results extends Readonly<Record<Task['kind'], unknown>>> {
  /**
   * Runs the next job after the jobs requested before. Aborting the signal of the lease ends the runner.
   * @throws the error that `failure` of the pool's settings makes of the end of a runner, and failures that the job
   *   itself throws
   */
  ask<K extends Task['kind']>(task: Extract<Task, { kind: K }>, options?: JobOptions): Promise<Results[K]>;
  /** Returns the runner to the pool when its last job has ended. */
  release(): Promise<void>;
}

/**
 * Runs jobs in child processes or threads, which start when the first work comes.
 *
 * @example
 * ```ts
 * const pool = new Pool<DrawTask, DrawResults>({
 *   runner: { kind: 'child', entry: moduleBeside(import.meta.url, './render-child') },
 *   size: 1,
 *   limits: { timeMs: 60_000 },
 *   failure: (end) => new PerennialError('RendererCrashed', `Expected an answer, but ${describeEnd(end)}.`),
 * });
 * const sheet = await pool.run({ kind: 'sheet', sheet }, signal);
 * ```
 */
export class Pool<Task extends KindOfTask, Results extends Readonly<Record<Task['kind'], unknown>>> {
  readonly #settings: PoolSettings;
  readonly #idle: Runner[] = [];
  readonly #busy = new Set<Runner>();
  readonly #living = new Set<Promise<void>>();
  readonly #line: Waiting[] = [];
  readonly #idleTimers = new Map<Runner, NodeJS.Timeout>();
  #closed = false;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
  }

  /** Waits for a free runner and runs the job there. Aborting removes the job from the queue, or ends the runner. */
  async run<K extends Task['kind']>(
    task: Extract<Task, { kind: K }>,
    signal: AbortSignal,
    options?: JobOptions,
  ): Promise<Results[K]> {
    const runner = await this.#take(signal, false);
    try {
      return await this.#runOn(runner, task, signal, options);
    } catch (error) {
      const isRepeatable = this.#settings.recycling?.afterLimit === true && runner.hitLimit && runner.jobs > 1;
      if (!isRepeatable || this.#closed) throw error;
    }
    return this.#runOn(await this.#take(signal, true), task, signal, options);
  }

  async #runOn<K extends Task['kind']>(
    runner: Runner,
    task: Extract<Task, { kind: K }>,
    signal: AbortSignal,
    options?: JobOptions,
  ): Promise<Results[K]> {
    const lease = this.#leaseOf(runner, signal);
    try {
      return await lease.ask(task, options);
    } finally {
      await lease.release();
    }
  }

  /** Waits for a free runner and reserves it until it is released. */
  async lease(signal: AbortSignal): Promise<Lease<Task, Results>> {
    return this.#leaseOf(await this.#take(signal, false), signal);
  }

  #leaseOf(runner: Runner, signal: AbortSignal): Lease<Task, Results> {
    // Each lease gets its own signal: the pages of a document share one, and Node reports more than ten listeners as a
    // leak.
    const own = AbortSignal.any([signal]);
    let last: Promise<unknown> = Promise.resolve();
    let released = false;
    return {
      ask: <K extends Task['kind']>(task: Extract<Task, { kind: K }>, options: JobOptions = {}) => {
        const asked = last.then(() => runner.do(task, own, options));
        last = asked.catch(() => undefined); // the caller receives the error
        return asked as Promise<Results[K]>; // the module of the runner answers each kind with its own result
      },
      release: async () => {
        if (released) return;
        released = true;
        await last;
        this.#giveBack(runner);
      },
    };
  }

  /** Returns the ids of the child processes that are alive, for tests and diagnosis. */
  pids(): readonly number[] {
    const all = [...this.#idle, ...this.#busy];
    return all.flatMap((runner) => (runner.alive && runner.pid !== undefined ? [runner.pid] : []));
  }

  /** Ends all runners and waits for their end. Queued and running jobs fail. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#line.splice(0)) waiting.reject(this.#closedError());
    for (const runner of [...this.#idle.splice(0), ...this.#busy]) this.#end(runner);
    await Promise.all(this.#living);
  }

  #take(outer: AbortSignal, fresh: boolean): Promise<Runner> {
    if (this.#closed) return Promise.reject(this.#closedError());
    if (outer.aborted) return Promise.reject(outer.reason as Error); // an abort's reason may be anything
    const signal = AbortSignal.any([outer]);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#line.splice(this.#line.indexOf(waiting), 1);
        reject(signal.reason as Error);
      };
      const waiting: Waiting = {
        fresh,
        resolve: (runner) => {
          signal.removeEventListener('abort', leave);
          resolve(runner);
        },
        reject: (error) => {
          signal.removeEventListener('abort', leave);
          reject(error);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#line.push(waiting);
      this.#next();
    });
  }

  #next(): void {
    while (this.#busy.size < this.#settings.size) {
      const waiting = this.#line.shift();
      if (waiting === undefined) return;
      const idle = this.#takeIdle();
      // A fresh runner takes the place of an idle one, so that the pool keeps its size.
      if (waiting.fresh && idle !== undefined) this.#end(idle);
      const runner = waiting.fresh ? this.#start() : (idle ?? this.#start());
      runner.jobs += 1;
      this.#busy.add(runner);
      waiting.resolve(runner);
    }
  }

  #start(): Runner {
    const runner = new Runner(this.#settings);
    const gone = runner.ended.finally(() => this.#living.delete(gone));
    this.#living.add(gone);
    return runner;
  }

  #takeIdle(): Runner | undefined {
    // The runner used last is preferred, because it may still have a file open.
    for (let runner = this.#idle.pop(); runner !== undefined; runner = this.#idle.pop()) {
      clearTimeout(this.#idleTimers.get(runner));
      this.#idleTimers.delete(runner);
      if (runner.alive) return runner;
    }
    return undefined;
  }

  #giveBack(runner: Runner): void {
    this.#busy.delete(runner);
    if (this.#closed || this.#isWorn(runner)) this.#end(runner);
    if (runner.alive) this.#rest(runner);
    this.#next();
  }

  #isWorn({ jobs, memoryBytes }: Runner): boolean {
    const { afterJobs = Infinity, aboveMb = Infinity } = this.#settings.recycling ?? {};
    return jobs >= afterJobs || memoryBytes > aboveMb * BYTES_PER_MB;
  }

  #rest(runner: Runner): void {
    this.#idle.push(runner);
    const { idleMs } = this.#settings;
    if (idleMs === undefined) return;
    const timer = setTimeout(() => {
      this.#idle.splice(this.#idle.indexOf(runner), 1);
      this.#end(runner);
    }, idleMs);
    this.#idleTimers.set(runner, timer.unref());
  }

  #end(runner: Runner): void {
    clearTimeout(this.#idleTimers.get(runner));
    this.#idleTimers.delete(runner);
    runner.kill({ kind: 'closed' });
  }

  #closedError(): Error {
    return this.#settings.failure({ kind: 'closed' });
  }
}
