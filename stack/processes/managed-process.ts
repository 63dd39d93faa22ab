/** A process that is kept running: started again, with growing pauses, whenever it ends unasked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { signalGroup, type ProcessHandle } from './process-handle.ts';

/** What {@link keepRunning} needs to know of a process. */
export interface ManagedOptions {
  readonly name: string;
  /** Starts it once; called again for each restart. */
  readonly start: () => Promise<ProcessHandle>;
  /** Says whether it does its work yet. */
  readonly isReady: () => Promise<boolean>;
  /** Says whether it answers at all; one that does not for a while is killed and started again. @defaultValue not asked */
  readonly isAlive?: () => Promise<boolean>;
  /** Time between two such looks, in milliseconds. @defaultValue 3000 */
  readonly lookEveryMs?: number;
  /** How long it may take until it is ready, in milliseconds. */
  readonly readyTimeoutMs: number;
  /** How long it may take to end, in milliseconds. */
  readonly graceMs: number;
  /** The longest pause before it is started again, in milliseconds. @defaultValue 30,000 */
  readonly longestPauseMs?: number | undefined;
  /** The end of its log, for error messages. */
  readonly lastWords: () => string;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A process under supervision. */
export interface ManagedProcess {
  readonly name: string;
  /** `undefined` while it does not run. */
  readonly pid: number | undefined;
  /** How often it was started again. */
  readonly restarts: number;
  /** Kills it and all it started, as an accident would; supervision brings it back. */
  kill(signal?: NodeJS.Signals): void;
  /** Ends it in peace and starts it again; done when it is ready. */
  restart(): Promise<void>;
  /** Done when it is ready; rejects when it takes too long or can never be. */
  ready(): Promise<void>;
  /** Ends it for good; with 0 at once. @param graceMs - as in {@link ManagedOptions} unless given */
  stop(graceMs?: number): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** After this long, a process counts as healthy and its next restart is immediate again. */
const HEALTHY_AFTER_MS = 60_000;
const READY_POLL_MS = 100;
const LOOK_EVERY_MS = 3_000;
/**
 * Looks without an answer before a process is killed: 15 s. Looks are counted and not seconds, because a supervisor that
 * slept, with its machine or by a signal, has not looked meanwhile.
 */
const LOOKS_WITHOUT_ANSWER = 5;
/** The count of a process that has not answered at all. */
const NOT_YET = Number.NEGATIVE_INFINITY;
/** A process that never got ready in as many starts will not get ready by itself. */
const STARTS_WITHOUT_SUCCESS = 4;

/** Starts a process and keeps it running. Resolves when it has been started, not when it is ready. */
export async function keepRunning(options: ManagedOptions): Promise<ManagedProcess> {
  const managed = new Keeper(options);
  await managed.begin();
  return managed;
}

class Keeper implements ManagedProcess {
  readonly name: string;
  restarts = 0;
  private readonly options: ManagedOptions;
  private readonly stopping = new AbortController();
  private handle: ProcessHandle | undefined;
  /** Why it will never run: a wrong configuration does not heal by trying again. */
  private hopeless: string | undefined;
  private expected = false;
  private wasReady = false;

  constructor(options: ManagedOptions) {
    this.name = options.name;
    this.options = options;
  }

  get pid(): number | undefined {
    return this.handle?.pid;
  }

  async begin(): Promise<void> {
    const handle = await this.options.start();
    this.handle = handle;
    void this.watch(handle, Date.now());
    void this.keepAlive();
  }

  private async watch(first: ProcessHandle, firstStart: number): Promise<void> {
    let [handle, startedAt, pauseMs] = [first, firstStart, FIRST_PAUSE_MS];
    for (;;) {
      const { code, text } = await handle.ended;
      this.handle = undefined;
      if (this.stopping.signal.aborted) return;
      signalGroup(handle.pid, 'SIGKILL'); // what it left behind
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

  /** Kills a process that answered once and does not any more: stopped, or in an endless loop, it would never end by itself. */
  private async keepAlive(): Promise<void> {
    const { isAlive, lookEveryMs = LOOK_EVERY_MS } = this.options;
    const { signal } = this.stopping;
    if (isAlive === undefined) return;
    let [looked, unanswered] = [this.handle, NOT_YET];
    while (!isAborted(signal)) {
      const { handle } = this;
      // A process that has just been started has all the time that it needs for its first answer.
      if (handle !== looked) [looked, unanswered] = [handle, NOT_YET];
      const pause = sleep(lookEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
      unanswered = handle !== undefined && (await isAlive().catch(() => false)) ? 0 : unanswered + 1;
      await pause;
      if (unanswered < LOOKS_WITHOUT_ANSWER || handle !== this.handle) continue;
      this.options.log(`${this.name} does not answer its health; killing it`);
      unanswered = NOT_YET;
      this.kill();
    }
  }

  /** Tries until it starts, or until we are told to stop. */
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
    if (this.handle !== undefined) signalGroup(this.handle.pid, signal);
  }

  async restart(): Promise<void> {
    this.expected = true;
    await this.handle?.stop(this.options.graceMs);
    await this.ready();
  }

  async stop(graceMs: number = this.options.graceMs): Promise<void> {
    this.stopping.abort();
    await this.handle?.stop(graceMs);
  }
}

/** A call, so that the compiler does not think that an earlier look still holds. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
