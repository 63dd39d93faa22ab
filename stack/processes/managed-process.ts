/** A supervised process, which is restarted with growing pauses whenever it ends unexpectedly. */
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { signalGroup, type ProcessHandle } from './process-handle.ts';

/** Options of {@link keepRunning}. */
export interface ManagedOptions {
  readonly name: string;
  /** Starts the process; called for each restart. */
  readonly start: () => Promise<ProcessHandle>;
  /** Tells whether the process is ready. */
  readonly isReady: () => Promise<boolean>;
  /** Tells whether the process is alive; one that does not answer for a while is killed and restarted. @defaultValue not checked */
  readonly isAlive?: () => Promise<boolean>;
  /** Time between two liveness checks, in milliseconds. @defaultValue 3000 */
  readonly lookEveryMs?: number;
  /** Longest time until it is ready, in milliseconds. */
  readonly readyTimeoutMs: number;
  /** Grace period for its end, in milliseconds. */
  readonly graceMs: number;
  /** Longest pause before a restart, in milliseconds. @defaultValue 30,000 */
  readonly longestPauseMs?: number | undefined;
  /** Returns the end of its log, for error messages. */
  readonly lastWords: () => string;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A process under supervision. */
export interface ManagedProcess {
  readonly name: string;
  /** Process id; `undefined` while it does not run. */
  readonly pid: number | undefined;
  /** Number of restarts. */
  readonly restarts: number;
  /** How it ended each time that nobody had killed, restarted or stopped it, such as `exit code 1`. */
  readonly ownEnds: readonly string[];
  /** Kills it and its children, as a crash would; supervision restarts it. */
  kill(signal?: NodeJS.Signals): void;
  /**
   * Stops it gracefully and starts it again, also one whose configuration was wrong; resolves when it is ready, and rejects
   * as `ready` does.
   */
  restart(): Promise<void>;
  /** Resolves when it is ready; rejects when it takes too long or cannot become ready. */
  ready(): Promise<void>;
  /** Stops it for good. @param graceMs - 0 kills it at once @defaultValue the value of {@link ManagedOptions} */
  stop(graceMs?: number): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** Time after which a running process counts as healthy, so that its next restart is immediate, in milliseconds. */
const HEALTHY_AFTER_MS = 60_000;
const READY_POLL_MS = 100;
const LOOK_EVERY_MS = 3_000;
/**
 * Failed liveness checks before a process is killed, which take 15 s. Checks are counted instead of seconds, because a
 * supervisor that was suspended has not checked meanwhile.
 */
const LOOKS_WITHOUT_ANSWER = 5;
/** Starts without readiness after which a process is given up. */
const STARTS_WITHOUT_SUCCESS = 4;

/** Starts a process and keeps it running; resolves when it has been started, before it is ready. */
export async function keepRunning(options: ManagedOptions): Promise<ManagedProcess> {
  const managed = new Keeper(options);
  await managed.begin();
  return managed;
}

class Keeper implements ManagedProcess {
  readonly name: string;
  restarts = 0;
  readonly ownEnds: string[] = [];
  private readonly options: ManagedOptions;
  private readonly stopping = new AbortController();
  private handle: ProcessHandle | undefined;
  /** Explains why it can never run: a restart does not correct a wrong configuration. */
  private hopeless: string | undefined;
  private expected = false;
  /** Whether the process that runs was killed from here. */
  private killed = false;
  private wasReady = false;
  /** Liveness checks since the last answer; negative while a new process still has time for its first one. */
  private unanswered = 0;

  constructor(options: ManagedOptions) {
    this.name = options.name;
    this.options = options;
  }

  get pid(): number | undefined {
    return this.handle?.pid;
  }

  async begin(): Promise<void> {
    await this.startFirst();
    void this.keepAlive();
  }

  private async startFirst(): Promise<void> {
    const handle = await this.options.start();
    this.handle = handle;
    void this.watch(handle, Date.now());
  }

  private async watch(first: ProcessHandle, firstStart: number): Promise<void> {
    let [handle, startedAt, pauseMs] = [first, firstStart, FIRST_PAUSE_MS];
    for (;;) {
      const { code, text } = await handle.ended;
      this.handle = undefined;
      if (this.stopping.signal.aborted) return;
      if (!this.killed && !this.expected) this.ownEnds.push(text);
      this.killed = false;
      signalGroup(handle.pid, 'SIGKILL'); // processes that it left behind
      if (code === exitCodes.config) {
        this.hopeless = this.options.lastWords();
        this.options.log(`${this.name} cannot run with this configuration:\n${this.hopeless}`);
        return;
      }
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) pauseMs = FIRST_PAUSE_MS;
      if (!this.expected) this.options.log(`${this.name} ended (${text}); starting it again`);
      const next = await this.startAgain(this.expected ? 0 : pauseMs);
      if (next === undefined) return;
      [handle, startedAt, pauseMs] = [next, Date.now(), this.nextPause(pauseMs)];
    }
  }

  /** Kills a process that has stopped answering, because a suspended or looping process never ends by itself. */
  private async keepAlive(): Promise<void> {
    const { isAlive, lookEveryMs = LOOK_EVERY_MS, readyTimeoutMs } = this.options;
    const { signal } = this.stopping;
    if (isAlive === undefined) return;
    let looked: ProcessHandle | undefined;
    while (!isAborted(signal)) {
      const { handle } = this;
      if (handle !== looked) {
        looked = handle;
        this.unanswered = -Math.ceil(readyTimeoutMs / lookEveryMs);
      }
      const pause = sleep(lookEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (handle !== undefined) this.unanswered = (await isAlive().catch(() => false)) ? 0 : this.unanswered + 1;
      await pause;
      if (this.unanswered < LOOKS_WITHOUT_ANSWER || handle === undefined || handle !== this.handle) continue;
      this.options.log(`${this.name} does not answer its health; killing it`);
      looked = undefined; // its end may take a moment, in which it is not killed again
      this.kill();
    }
  }

  /** Tries until the process starts or a stop is requested. */
  private async startAgain(firstPauseMs: number): Promise<ProcessHandle | undefined> {
    const { signal } = this.stopping;
    for (let pauseMs = firstPauseMs; ; pauseMs = this.nextPause(Math.max(pauseMs, FIRST_PAUSE_MS))) {
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return undefined;
      try {
        const handle = await this.options.start();
        this.handle = handle;
        this.restarts += 1;
        this.expected = false;
        if (!isAborted(signal)) return handle;
        await handle.stop(this.options.graceMs);
        return undefined;
      } catch (error) {
        this.options.log(
          `${this.name} could not be started: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }

  private nextPause(pauseMs: number): number {
    return Math.min(pauseMs * 2, this.options.longestPauseMs ?? LONGEST_PAUSE_MS);
  }

  async ready(): Promise<void> {
    const { name, readyTimeoutMs, isReady, lastWords, signal } = this.options;
    const deadline = Date.now() + readyTimeoutMs;
    for (;;) {
      signal?.throwIfAborted();
      if (this.hopeless !== undefined) throw new Error(`${name} cannot run with this configuration:\n${this.hopeless}`);
      const handle = this.handle;
      if (handle !== undefined && (await isReady().catch(() => false)) && this.handle === handle) {
        this.wasReady = true;
        this.unanswered = Math.max(this.unanswered, 0); // from here on its silence counts
        return;
      }
      if (!this.wasReady && this.restarts >= STARTS_WITHOUT_SUCCESS)
        throw new Error(`${name} ends whenever it is started. Its log ends with:\n${lastWords()}`);
      if (Date.now() > deadline)
        throw new Error(
          `${name} was not ready within ${String(readyTimeoutMs / 1000)} s. Its log ends with:\n${lastWords()}`,
        );
      await sleep(READY_POLL_MS);
    }
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    if (this.handle === undefined) return;
    this.killed = true;
    signalGroup(this.handle.pid, signal);
  }

  async restart(): Promise<void> {
    if (this.hopeless !== undefined) {
      this.hopeless = undefined;
      this.restarts += 1;
      await this.startFirst();
      return this.ready();
    }
    this.expected = true;
    await this.handle?.stop(this.options.graceMs);
    await this.ready();
  }

  async stop(graceMs: number = this.options.graceMs): Promise<void> {
    this.stopping.abort();
    await this.handle?.stop(graceMs);
  }
}

/** A function, so that the compiler does not keep an earlier narrowing. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
