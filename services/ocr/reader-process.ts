/** One child process of the reader, as its parent sees it. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PerennialError } from '../../contracts/failures.ts';
import { residentBytes } from './memory.ts';
import type { ChildSettings, FromChild, Task, ToChild } from './messages.ts';

/** Limits of one page. */
export interface PageLimits {
  readonly pageTimeoutMs: number;
  readonly pageMemoryMb: number;
}

/** A child process that does one task at a time. */
export interface ReaderProcess {
  readonly pid: number | undefined;
  /** Tasks done so far, failed ones included. */
  readonly tasks: number;
  /** Memory after the last task. */
  readonly rssBytes: number;
  /** False from the moment it is killed or has died. */
  readonly alive: boolean;
  /** Does one task. Rejecting with anything but an answer of the child means that it was killed. */
  run(task: Task, signal: AbortSignal): Promise<unknown>;
  kill(): void;
  /** Settles when the process has ended. */
  readonly ended: Promise<void>;
}

/** A start takes half a second; on a machine that swaps, perhaps ten. */
const START_TIMEOUT_MS = 60_000;
const MEMORY_INTERVAL_MS = 200;
const MEGABYTE = 1024 * 1024;

/** What a child needs of the environment. Keys and passwords of the parent are none of its business. */
const PASSED_ON = ['PATH', 'Path', 'HOME', 'USERPROFILE', 'TMPDIR', 'TEMP', 'TMP', 'TESSDATA_PREFIX', 'LANG', 'LC_ALL', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot'];

interface Job {
  readonly id: number;
  readonly settle: (outcome: { readonly value: unknown } | { readonly error: unknown }) => void;
  readonly onStart: () => void;
}

function startChild(settings: ChildSettings): ChildProcess {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const env = Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
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

/** Starts a child. Nothing is awaited: the first task waits for it to be ready. */
export function startReaderProcess(settings: ChildSettings, limits: PageLimits): ReaderProcess {
  const child = startChild(settings);
  const state = { tasks: 0, rssBytes: 0, alive: true, enginePid: 0, ready: false };
  let job: Job | undefined;
  let waiting: ToChild | undefined;
  let nextId = 1;

  const finish = (outcome: { readonly value: unknown } | { readonly error: unknown }): void => {
    const current = job;
    job = undefined;
    setReferenced(child, false);
    current?.settle(outcome);
  };
  const die = (error: unknown): void => {
    state.alive = false;
    killGroup(child);
    finish({ error });
  };
  const post = (message: ToChild): void => {
    child.send(message, (error) => {
      if (error !== null) die(crashed('it could not be reached'));
    });
  };
  child.on('message', (message) => {
    // `as`: the only sender is child.ts, with this type.
    const said = message as FromChild;
    if (said.kind === 'engine') state.enginePid = said.pid;
    else if (said.kind === 'ready') {
      state.ready = true;
      if (waiting !== undefined) post(waiting);
      waiting = undefined;
    } else if (said.id !== job?.id) return;
    else if (said.kind === 'started') job.onStart();
    else {
      state.rssBytes = said.rssBytes;
      finish(said.kind === 'done' ? { value: said.value } : { error: new PerennialError(said.type, said.message) });
    }
  });
  const ended = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      // Also when nobody asked for it: a tesseract left behind would go on burning a core.
      die(crashed(how));
      resolve();
    };
    child.once('exit', (code, signal) => end(signal === null ? `it ended with code ${String(code)}` : `it was ended by ${signal}`));
    child.once('error', () => end('it could not be started'));
  });
  setReferenced(child, false);

  const run = (task: Task, signal: AbortSignal): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = nextId;
      nextId += 1;
      state.tasks += 1;
      const watch = watchPage(() => [child.pid ?? 0, state.enginePid].filter((pid) => pid > 0), limits, die);
      const onAbort = (): void => die(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      job = {
        id,
        onStart: watch.start,
        settle: (outcome) => {
          watch.stop();
          signal.removeEventListener('abort', onAbort);
          if ('error' in outcome) reject(outcome.error as Error);
          else resolve(outcome.value);
        },
      };
      setReferenced(child, true);
      if (signal.aborted) onAbort();
      else if (!state.alive) die(crashed('it has ended'));
      else if (state.ready) post({ id, task });
      else waiting = { id, task };
    });

  return {
    get pid() {
      return child.pid;
    },
    get tasks() {
      return state.tasks;
    },
    get rssBytes() {
      return state.rssBytes;
    },
    get alive() {
      return state.alive;
    },
    run,
    kill: () => die(crashed('the reader was closed')),
    ended,
  };
}

function crashed(how: string): PerennialError {
  return new PerennialError('ReaderCrashed', `Expected the process that reads pages to answer, but ${how}. It is retried; if it repeats, look at the document.`);
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

/** Watches time and memory of one task. Until `start`, only the start of the process is timed. */
function watchPage(pids: () => readonly number[], limits: PageLimits, die: (error: PerennialError) => void): { start: () => void; stop: () => void } {
  let stopped = false;
  let timer = setTimeout(() => die(crashed('it did not get ready')), START_TIMEOUT_MS);
  let poll: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const bytes = await residentBytes(pids());
    if (stopped) return;
    if (bytes > limits.pageMemoryMb * MEGABYTE) {
      die(
        new PerennialError(
          'PageMemoryLimit',
          `Expected the page to need at most ${String(limits.pageMemoryMb)} MB, but it took ${String(Math.round(bytes / MEGABYTE))} MB. Look at the page; raise OCR_PAGE_MEMORY_MB if it is legitimate.`,
        ),
      );
    } else poll = setTimeout(() => void look(), MEMORY_INTERVAL_MS);
  };
  return {
    start: () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        die(
          new PerennialError(
            'PageTimeLimit',
            `Expected the page to be read within ${String(limits.pageTimeoutMs)} ms, but it was not. Look at the page; raise OCR_PAGE_TIMEOUT_MS if it is legitimate.`,
          ),
        );
      }, limits.pageTimeoutMs);
      void look();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(poll);
    },
  };
}
