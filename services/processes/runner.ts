/** One child process or thread, as its pool sees it: one job at a time, with the limits of that job. */
import { PerennialError } from '../../contracts/failures.ts';
import { openChild } from './child.ts';
import type { Link, LinkEvents } from './link.ts';
import { residentBytes } from './memory.ts';
import type { FromRunner } from './messages.ts';
import type { JobLimits, JobOptions, PoolSettings, RunnerEnd, RunnerKind } from './port.ts';
import { openThread } from './thread.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** A start takes half a second, or about ten seconds on a machine that swaps. */
const START_TIMEOUT_MS = 60_000;
const MEMORY_INTERVAL_MS = 200;
const DEFAULT_OUTPUT_BYTES = 256 * BYTES_PER_MB;

type Outcome = { readonly value: unknown } | { readonly error: Error };

interface Job {
  readonly id: number;
  readonly task: unknown;
  readonly options: JobOptions;
  readonly watch: Watch;
  readonly settle: (outcome: Outcome) => void;
}

function open(kind: RunnerKind, events: LinkEvents): Link {
  return kind.kind === 'child' ? openChild(kind, events) : openThread(kind, events);
}

/** A runner. Creating one does not wait for its start; its first job does. */
export class Runner {
  /** Settles when the runner has ended completely. */
  readonly ended: Promise<void>;
  /** Number of jobs that ran on it, counted by its pool. */
  jobs = 0;
  /** Memory after the last job, in bytes. */
  memoryBytes = 0;
  /** False as soon as it is killed or has died. */
  alive = true;
  readonly #link: Link;
  readonly #settings: PoolSettings;
  #ready = false;
  #helperPid = 0;
  #ids = 0;
  #job: Job | undefined;
  #end: RunnerEnd = { kind: 'unreachable' };
  /** Memory before the first job, in bytes. */
  #freshBytes = 0;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
    this.#link = open(settings.runner, {
      onMessage: (message) => this.#hear(message),
      onGone: () => (this.alive = false),
      onEnd: (end) => this.kill(end),
    });
    this.ended = this.#link.ended;
  }

  get pid(): number | undefined {
    return this.#link.pid;
  }

  /** True when it was ended because a job hit the limit of time or memory. */
  get hitLimit(): boolean {
    return !this.alive && (this.#end.kind === 'time' || this.#end.kind === 'memory');
  }

  /** Runs one job. Any end other than an answer kills the runner. */
  do(task: unknown, signal: AbortSignal, options: JobOptions): Promise<unknown> {
    if (signal.aborted) return Promise.reject(signal.reason as Error); // an abort's reason may be anything
    if (!this.alive) return Promise.reject(this.#settings.failure(this.#end));
    const id = (this.#ids += 1);
    return new Promise((resolve, reject) => {
      const watch = watchJob(
        () => [this.pid ?? 0, this.#helperPid].filter((pid) => pid > 0),
        (bytes) => this.#kept(bytes),
        this.#settings.limits ?? {},
        (end) => this.kill(end),
      );
      const onAbort = (): void => this.#die(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      const settle = (outcome: Outcome): void => {
        watch.stop();
        signal.removeEventListener('abort', onAbort);
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.value);
      };
      this.#job = { id, task, options, watch, settle };
      this.#link.setBusy(true);
      if (this.#ready) this.#begin(this.#job);
    });
  }

  /** Ends the runner; its current job fails with this reason. */
  kill(end: RunnerEnd): void {
    if (this.alive) this.#end = end;
    this.#die(this.#settings.failure(end));
  }

  #hear(said: FromRunner): void {
    if (said.kind === 'ready') {
      this.#ready = true;
      this.#freshBytes = said.memoryBytes;
      if (this.#job !== undefined) this.#begin(this.#job);
    } else if (said.kind === 'helper') this.#helperPid = said.pid;
    else if (this.#job !== undefined && said.id === this.#job.id) this.#hearOf(this.#job, said);
  }

  #hearOf(job: Job, said: Exclude<FromRunner, { kind: 'ready' | 'helper' }>): void {
    switch (said.kind) {
      case 'started':
        job.watch.begin();
        return;
      case 'call':
        void this.#reply(job, said.call, said.request);
        return;
      case 'unforeseen':
        // The failure may have corrupted memory, in WebAssembly above all, so the next job gets a new runner.
        this.kill(said);
        return;
      case 'overflow':
        this.#finish({ error: this.#settings.failure({ kind: 'output', limitBytes: this.#outputBytes }) });
        return;
      case 'done':
      case 'failed':
        this.memoryBytes = said.memoryBytes;
        if (said.kind === 'done') this.#settings.onAnswer?.(said.workMs);
        this.#finish(
          said.kind === 'done' ? { value: said.value } : { error: new PerennialError(said.type, said.message) },
        );
    }
  }

  /** Returns what the runner keeps from earlier jobs, because the limit of a job is about its own memory. */
  #kept(bytes: number): number {
    return Math.max(0, Math.min(bytes, this.memoryBytes) - this.#freshBytes);
  }

  get #outputBytes(): number {
    return this.#settings.limits?.outputBytes ?? DEFAULT_OUTPUT_BYTES;
  }

  #begin({ id, task, options }: Job): void {
    try {
      this.#link.send({ kind: 'job', id, task, maxOutputBytes: this.#outputBytes }, options.transfer ?? []);
    } catch (error) {
      this.#finish({ error: error as Error }); // the task cannot be copied, which is a fault of the caller
    }
  }

  async #reply(job: Job, call: number, request: unknown): Promise<void> {
    job.watch.pause();
    try {
      if (job.options.onCall === undefined) throw new TypeError('expected a job that makes no calls, got a call');
      const { value, transfer = [] } = await job.options.onCall(request);
      if (this.#job !== job) return;
      job.watch.resume();
      this.#link.send({ kind: 'reply', call, value }, transfer);
    } catch (error) {
      if (this.#job === job) this.#die(error as Error); // an error of the caller's function is returned to the caller
    }
  }

  #finish(outcome: Outcome): void {
    const job = this.#job;
    this.#job = undefined;
    // A runner that is ending stays referenced, because a caller may be awaiting its end.
    if (this.alive) this.#link.setBusy(false);
    job?.settle(outcome);
  }

  #die(error: Error): void {
    const wasAlive = this.alive;
    this.alive = false;
    if (wasAlive) this.#link.kill();
    this.#finish({ error });
  }
}

interface Watch {
  /** Called when the runner begins the job; before that, only its start is timed. */
  readonly begin: () => void;
  /** Called while a call of the job is being answered, because that time is not the job's. */
  readonly pause: () => void;
  readonly resume: () => void;
  readonly stop: () => void;
}

/** Watches time and memory of one job. `keptOf` tells which part of the memory at its start belongs to earlier jobs. */
function watchJob(
  pids: () => readonly number[],
  keptOf: (bytes: number) => number,
  limits: JobLimits,
  end: (end: RunnerEnd) => void,
): Watch {
  const { timeMs, memoryMb } = limits;
  let stopped = false;
  const start = setTimeout(() => end({ kind: 'notReady', limitMs: START_TIMEOUT_MS }), START_TIMEOUT_MS);
  const work = timeMs === undefined ? undefined : workTimer(timeMs, () => end({ kind: 'time', limitMs: timeMs }));
  let poll: NodeJS.Timeout | undefined;
  let kept: number | undefined;
  const look = async (limitMb: number): Promise<void> => {
    const held = await residentBytes(pids());
    if (stopped) return;
    kept ??= keptOf(held);
    const bytes = held - kept;
    if (bytes > limitMb * BYTES_PER_MB) end({ kind: 'memory', limitMb, bytes });
    else poll = setTimeout(() => void look(limitMb), MEMORY_INTERVAL_MS);
  };
  return {
    begin: () => {
      clearTimeout(start);
      work?.resume();
      if (memoryMb !== undefined) void look(memoryMb);
    },
    pause: () => work?.pause(),
    resume: () => work?.resume(),
    stop: () => {
      stopped = true;
      clearTimeout(start);
      work?.pause();
      clearTimeout(poll);
    },
  };
}

/** A timer that can be paused and resumed; it runs while it was resumed more often than paused. */
function workTimer(timeMs: number, expired: () => void): Pick<Watch, 'pause' | 'resume'> {
  let left = timeMs;
  let running = 0;
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    resume: () => {
      running += 1;
      if (running !== 1) return;
      since = performance.now();
      timer = setTimeout(expired, left);
    },
    pause: () => {
      if (running === 1) left -= performance.now() - since;
      running -= 1;
      clearTimeout(timer);
    },
  };
}
