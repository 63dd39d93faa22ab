/** One child process of the reader, as its parent sees it. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PerennialError } from '../../contracts/failures.ts';
import { residentBytes } from './memory.ts';
import type { ChildSettings, FromChild, Task, ToChild } from './messages.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** Limits of one page. */
export interface PageLimits {
  readonly pageTimeoutMs: number;
  readonly pageMemoryMb: number;
}

/** A start takes half a second; on a machine that swaps, perhaps ten. */
const START_TIMEOUT_MS = 60_000;
const MEMORY_INTERVAL_MS = 200;

/** What a child needs of the environment. Keys and passwords of the parent are none of its business. */
const PASSED_ON = [
  'PATH',
  'Path',
  'HOME',
  'USERPROFILE',
  'TMPDIR',
  'TEMP',
  'TMP',
  'TESSDATA_PREFIX',
  'LANG',
  'LC_ALL',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'SystemRoot',
];

type Outcome = { readonly value: unknown } | { readonly error: Error };

interface Job {
  readonly id: number;
  readonly settle: (outcome: Outcome) => void;
  readonly onStart: () => void;
}

function startChild(settings: ChildSettings): ChildProcess {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const env = Object.fromEntries(
    PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  return fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [JSON.stringify(settings)], {
    execArgv: ['--import', loader],
    env,
    // A group of its own: killing the group also ends the tesseract that the child runs.
    detached: true,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended, or the platform has no groups.
    child.kill('SIGKILL');
  }
}

/** A child process that does one task at a time. Nothing waits for its start: the first task does. */
export class ReaderProcess {
  /** Settles when the process has ended. */
  readonly ended: Promise<void>;
  /** Tasks begun so far. */
  tasks = 0;
  /** Memory after the last task. */
  rssBytes = 0;
  /** False from the moment it is killed or has died. */
  alive = true;
  readonly #child: ChildProcess;
  readonly #limits: PageLimits;
  #ready = false;
  #enginePid = 0;
  #job: Job | undefined;
  #waiting: ToChild | undefined;

  constructor(settings: ChildSettings, limits: PageLimits) {
    this.#child = startChild(settings);
    this.#limits = limits;
    // `as`: the only sender is child.ts, with this type.
    this.#child.on('message', (message) => this.#hear(message as FromChild));
    this.ended = new Promise((resolve) => {
      const end = (how: string): void => {
        // Also when nobody asked for it: a tesseract left behind would go on burning a core.
        this.#die(crashed(how));
        resolve();
      };
      this.#child.once('exit', (code, signal) =>
        end(signal === null ? `it ended with code ${String(code)}` : `it was ended by ${signal}`),
      );
      this.#child.once('error', () => end('it could not be started'));
    });
    setReferenced(this.#child, false);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Does one task. Whatever else than an answer ends it kills the process. */
  run(task: Task, signal: AbortSignal): Promise<unknown> {
    this.tasks += 1;
    const id = this.tasks;
    return new Promise((resolve, reject) => {
      const watch = watchPage(
        () => [this.pid ?? 0, this.#enginePid].filter((pid) => pid > 0),
        this.#limits,
        (error) => this.#die(error),
      );
      // `as`: an abort's reason may be anything, and is handed on as it is.
      const onAbort = (): void => this.#die(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      const settle = (outcome: Outcome): void => {
        watch.stop();
        signal.removeEventListener('abort', onAbort);
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.value);
      };
      this.#job = { id, onStart: watch.start, settle };
      setReferenced(this.#child, true);
      if (signal.aborted) onAbort();
      else if (!this.alive) this.#die(crashed('it has ended'));
      else if (this.#ready) this.#post({ id, task });
      else this.#waiting = { id, task };
    });
  }

  kill(): void {
    this.#die(crashed('the reader was closed'));
  }

  #hear(said: FromChild): void {
    if (said.kind === 'engine') this.#enginePid = said.pid;
    else if (said.kind === 'ready') {
      this.#ready = true;
      if (this.#waiting !== undefined) this.#post(this.#waiting);
      this.#waiting = undefined;
    } else if (said.id !== this.#job?.id) return;
    else if (said.kind === 'started') this.#job.onStart();
    else {
      this.rssBytes = said.rssBytes;
      this.#finish(
        said.kind === 'done' ? { value: said.value } : { error: new PerennialError(said.type, said.message) },
      );
    }
  }

  #post(message: ToChild): void {
    this.#child.send(message, (error) => {
      if (error !== null) this.#die(crashed('it could not be reached'));
    });
  }

  #finish(outcome: Outcome): void {
    const job = this.#job;
    this.#job = undefined;
    setReferenced(this.#child, false);
    job?.settle(outcome);
  }

  #die(error: Error): void {
    this.alive = false;
    killGroup(this.#child);
    this.#finish({ error });
    // Whoever awaits the end would otherwise wait in an event loop with nothing left to do, and Node would leave.
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.ref();
  }
}

function crashed(how: string): PerennialError {
  return new PerennialError(
    'ReaderCrashed',
    `Expected the process that reads pages to answer, but ${how}. It is retried; if it repeats, look at the document.`,
  );
}

/** A child without work must not keep its parent's event loop alive. */
function setReferenced(child: ChildProcess, busy: boolean): void {
  if (busy) {
    child.ref();
    child.channel?.ref();
  } else {
    child.unref();
    child.channel?.unref();
  }
}

interface Watch {
  /** Called when the process begins the page: until then, only its start is timed. */
  readonly start: () => void;
  readonly stop: () => void;
}

/** Watches time and memory of one task. */
function watchPage(pids: () => readonly number[], limits: PageLimits, die: (error: PerennialError) => void): Watch {
  let stopped = false;
  let timer = setTimeout(() => die(crashed('it did not get ready')), START_TIMEOUT_MS);
  let poll: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const bytes = await residentBytes(pids());
    if (stopped) return;
    if (bytes > limits.pageMemoryMb * BYTES_PER_MB) die(overMemory(limits, bytes));
    else poll = setTimeout(() => void look(), MEMORY_INTERVAL_MS);
  };
  return {
    start: () => {
      clearTimeout(timer);
      timer = setTimeout(() => die(overTime(limits)), limits.pageTimeoutMs);
      void look();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(poll);
    },
  };
}

function overMemory({ pageMemoryMb }: PageLimits, bytes: number): PerennialError {
  return new PerennialError(
    'PageMemoryLimit',
    `Expected the page to need at most ${String(pageMemoryMb)} MB, but it took ${String(Math.round(bytes / BYTES_PER_MB))} MB. ` +
      'Look at the page; raise OCR_PAGE_MEMORY_MB if it is legitimate.',
  );
}

function overTime({ pageTimeoutMs }: PageLimits): PerennialError {
  return new PerennialError(
    'PageTimeLimit',
    `Expected the page to be read within ${String(pageTimeoutMs)} ms, but it was not. ` +
      'Look at the page; raise OCR_PAGE_TIMEOUT_MS if it is legitimate.',
  );
}
