/** A thread as a runner: a heap of limited size, ended even in the middle of a loop. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { isSource } from '../../contracts/values/modules.ts';
import type { Link, LinkEvents } from './link.ts';
import type { FromRunner } from './messages.ts';
import type { RunnerEnd, ThreadKind } from './port.ts';

/** Loads TypeScript for a thread, and then its entry. */
const SOURCE_ENTRY = new URL('./thread-entry.mjs', import.meta.url);

/** Starts a thread. */
export function openThread({ entry, settings, heap }: ThreadKind, events: LinkEvents): Link {
  const worker = new Worker(isSource(entry) ? SOURCE_ENTRY : entry, {
    execArgv: [],
    // Keys and passwords of the parent are not inherited.
    env: { TZ: 'UTC' },
    resourceLimits: heap,
    workerData: { entry: fileURLToPath(entry), settings: settings ?? {} },
  });
  worker.unref();
  worker.on('message', (message: FromRunner) => events.onMessage(message));
  worker.on('messageerror', () => events.onEnd({ kind: 'unreachable' }));
  worker.on('error', (error) => events.onEnd(endOf(error, heap.maxOldGenerationSizeMb ?? 0)));
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      events.onEnd({ kind: 'exit', code, signal: null, fatal: undefined });
      resolve();
    });
  });
  return {
    pid: undefined,
    ended,
    send: (message, transfer) => worker.postMessage(message, transfer),
    kill: () => {
      worker.ref(); // otherwise Node would exit while the caller awaits the end
      void worker.terminate();
    },
    setBusy: (busy) => {
      if (busy) worker.ref();
      else worker.unref();
    },
  };
}

/** Describes the end by the error's name only, because its message may quote the input. */
function endOf(error: unknown, limitMb: number): RunnerEnd {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return { kind: 'heap', limitMb };
  return { kind: 'unforeseen', name: error instanceof Error ? error.name : typeof error };
}
