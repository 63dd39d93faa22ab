/**
 * The renderer as the rest of the process sees it. Drawing takes the whole of a
 * core for up to a second, during which nothing else of a process would move,
 * not even heartbeats: so it happens in a child process, one report at a time.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PerennialError } from '../../contracts/failures.ts';
import type { ReportRenderer } from './port.ts';
import type { DrawAnswer, DrawRequest, DrawResults, DrawTask } from './render-messages.ts';

/** What the child needs of the environment. Keys and passwords of the parent are none of its business. */
const PASSED_ON = ['PATH', 'Path', 'HOME', 'USERPROFILE', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LD_LIBRARY_PATH'];

/** After so many drawings the child makes room for a new one, so that no leak of a library grows for ever. */
const RECYCLE_AFTER = 500;

interface Job {
  readonly id: number;
  readonly task: DrawTask;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Settings of {@link createReportRenderer}. */
export interface RendererOptions {
  /** Told after each drawing how long it took in the process that draws, in milliseconds. @defaultValue nobody */
  readonly onDrawn?: (drawMs: number) => void;
}

/** Starts nothing yet: the first drawing does. */
export function createReportRenderer({ onDrawn = () => undefined }: RendererOptions = {}): ReportRenderer {
  const line = new DrawingLine(onDrawn);
  return {
    charts: (data, signal) => line.draw({ kind: 'charts', data }, signal),
    pdf: (content, signal) => line.draw({ kind: 'pdf', content }, signal),
    sheet: (sheet, signal) => line.draw({ kind: 'sheet', sheet }, signal),
    close: () => line.close(),
  };
}

function startChild(): ChildProcess {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const passed = Object.fromEntries(
    PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  const fonts = fileURLToPath(new URL('./fonts.conf', import.meta.url));
  return fork(fileURLToPath(new URL('./render-child.ts', import.meta.url)), [], {
    execArgv: ['--import', loader],
    env: { ...(passed as Record<string, string>), TZ: 'UTC', FONTCONFIG_FILE: fonts }, // filtered above,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

/** First come, first served; the child draws one thing at a time. */
class DrawingLine {
  readonly #waiting: Job[] = [];
  #drawing: Job | undefined;
  #child: ChildProcess | undefined;
  #drawn = 0;
  #ids = 0;
  #closed = false;
  readonly #onDrawn: (drawMs: number) => void;

  constructor(onDrawn: (drawMs: number) => void) {
    this.#onDrawn = onDrawn;
  }

  async draw<K extends DrawTask['kind']>(
    task: Extract<DrawTask, { kind: K }>,
    signal: AbortSignal,
  ): Promise<DrawResults[K]> {
    signal.throwIfAborted();
    if (this.#closed) throw crashed('it was closed');
    const id = (this.#ids += 1);
    let onAbort = (): void => undefined;
    try {
      const value = await new Promise<unknown>((resolve, reject) => {
        onAbort = () => this.#giveUp(id, signal.reason);
        signal.addEventListener('abort', onAbort, { once: true });
        this.#waiting.push({ id, task, resolve, reject });
        this.#next();
      });
      return value as DrawResults[K]; // render-child.ts answers each kind with its own result
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) job.reject(crashed('it was closed'));
    return this.#end(crashed('it was closed'));
  }

  #next(): void {
    if (this.#drawing !== undefined) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#drawing = job;
    const child = (this.#child ??= this.#start());
    reference(child, true);
    child.send({ id: job.id, task: job.task } satisfies DrawRequest, (error) => {
      if (error !== null) this.#lost(child, 'it could not be reached');
    });
  }

  #start(): ChildProcess {
    const child = startChild();
    this.#drawn = 0;
    child.on('message', (message) => this.#hear(message as DrawAnswer)); // the only sender is render-child.ts
    child.once('exit', (code, signal) => this.#lost(child, `it ended with ${signal ?? `code ${String(code)}`}`));
    child.once('error', () => this.#lost(child, 'it could not be started'));
    return child;
  }

  #hear(answer: DrawAnswer): void {
    const job = this.#drawing;
    if (job === undefined || job.id !== answer.id) return;
    this.#drawing = undefined;
    if (answer.kind === 'done') {
      this.#onDrawn(answer.drawMs);
      job.resolve(answer.value);
    } else job.reject(new PerennialError(answer.type, answer.message));
    this.#drawn += 1;
    if (this.#child !== undefined) reference(this.#child, false);
    if (this.#drawn >= RECYCLE_AFTER) void this.#end(crashed('it was worn out'));
    this.#next();
  }

  /** The child of before may still be on its way out: what it says no longer counts. */
  #lost(child: ChildProcess, how: string): void {
    if (child !== this.#child) return;
    void this.#end(crashed(how));
    this.#next();
  }

  #giveUp(id: number, reason: unknown): void {
    const at = this.#waiting.findIndex((job) => job.id === id);
    if (at >= 0) for (const job of this.#waiting.splice(at, 1)) job.reject(reason);
    else if (this.#drawing?.id === id) {
      void this.#end(reason);
      this.#next();
    }
  }

  /** Kills the child; what it was drawing fails with `reason`. */
  async #end(reason: unknown): Promise<void> {
    const [child, job] = [this.#child, this.#drawing];
    this.#child = undefined;
    this.#drawing = undefined;
    job?.reject(reason);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}

function crashed(how: string): PerennialError {
  return new PerennialError(
    'RendererCrashed',
    `Expected the process that draws reports to answer, but ${how}. It is retried; if it repeats, report it.`,
  );
}

/** A child without work must not keep its parent's event loop alive. */
function reference(child: ChildProcess, busy: boolean): void {
  if (busy) {
    child.ref();
    child.channel?.ref();
  } else {
    child.unref();
    child.channel?.unref();
  }
}
