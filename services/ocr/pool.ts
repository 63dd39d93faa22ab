/** A pool of child processes: first come, first served, one task a process, worn-out processes replaced. */
import { PerennialError } from '../../contracts/failures.ts';
import type { ChildSettings, Task, TaskResults } from './messages.ts';
import { startReaderProcess } from './reader-process.ts';
import type { PageLimits, ReaderProcess } from './reader-process.ts';

/** What the pool needs to know. */
export interface PoolSettings extends PageLimits {
  readonly processes: number;
  readonly recyclePages: number;
  readonly child: ChildSettings;
}

/** Runs tasks in child processes. */
export interface ReaderPool {
  /** Waits for a free process and runs the task there. Aborting takes it out of the line, or kills the process. */
  run<K extends Task['kind']>(task: Extract<Task, { kind: K }>, signal: AbortSignal): Promise<TaskResults[K]>;
  /** The processes that live now; for tests and diagnosis. */
  pids(): readonly number[];
  close(): Promise<void>;
}

interface Waiting {
  readonly task: Task;
  readonly signal: AbortSignal;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const MEGABYTE = 1024 * 1024;

/** Makes a pool. Processes start when the first work comes. */
export function createPool(settings: PoolSettings): ReaderPool {
  const idle: ReaderProcess[] = [];
  const busy = new Set<ReaderProcess>();
  const dying = new Set<Promise<void>>();
  const line: Waiting[] = [];
  let closed = false;

  const start = (): ReaderProcess => {
    const started = startReaderProcess(settings.child, settings);
    const gone = started.ended.finally(() => dying.delete(gone));
    dying.add(gone);
    return started;
  };
  const giveBack = (reader: ReaderProcess): void => {
    busy.delete(reader);
    // Half the limit at rest would leave the next page only the other half.
    const worn = reader.tasks >= settings.recyclePages || reader.rssBytes > (settings.pageMemoryMb * MEGABYTE) / 2;
    if (closed || worn) reader.kill();
    if (reader.alive) idle.push(reader);
    next();
  };
  const takeIdle = (): ReaderProcess | undefined => {
    // The one used last has the document open and its pages warm.
    for (let reader = idle.pop(); reader !== undefined; reader = idle.pop()) if (reader.alive) return reader;
    return undefined;
  };
  const next = (): void => {
    while (line.length > 0 && busy.size < settings.processes) {
      const waiting = line.shift();
      if (waiting === undefined) return;
      const reader = takeIdle() ?? start();
      busy.add(reader);
      reader.run(waiting.task, waiting.signal).then(waiting.resolve, waiting.reject).finally(() => giveBack(reader));
    }
  };

  const enqueue = (task: Task, signal: AbortSignal): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closed) {
        reject(closedError());
        return;
      }
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const waiting: Waiting = {
        task,
        signal,
        resolve: (value) => {
          signal.removeEventListener('abort', leave);
          resolve(value);
        },
        reject: (error) => {
          signal.removeEventListener('abort', leave);
          reject(error as Error);
        },
      };
      const leave = (): void => {
        const at = line.indexOf(waiting);
        if (at < 0) return;
        line.splice(at, 1);
        waiting.reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      line.push(waiting);
      next();
    });

  return {
    // `as`: page-work.ts answers each kind with its own result.
    run: async <K extends Task['kind']>(task: Extract<Task, { kind: K }>, signal: AbortSignal) => (await enqueue(task, signal)) as TaskResults[K],
    pids: () => [...idle, ...busy].flatMap((reader) => (reader.alive && reader.pid !== undefined ? [reader.pid] : [])),
    close: async () => {
      closed = true;
      for (const waiting of line.splice(0)) waiting.reject(closedError());
      for (const reader of [...idle.splice(0), ...busy]) reader.kill();
      await Promise.all(dying);
    },
  };
}

function closedError(): PerennialError {
  return new PerennialError('ReaderCrashed', 'Expected an open reader, but it was closed. It is retried where another worker runs.');
}
