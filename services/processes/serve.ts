/**
 * The runner's side of a pool, which a child process or a thread runs: one job at a time, so that a crash never reaches
 * the process that polls for work.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { PerennialError } from '../../contracts/failures.ts';
import type { FromRunner, ToRunner } from './messages.ts';
import { sizeOf } from './size.ts';

/** What a job may do besides its work. */
export interface JobContext {
  /** Sends a request to the caller of the job and waits for the reply; the given memory is transferred. */
  call(request: unknown, transfer?: readonly ArrayBuffer[]): Promise<unknown>;
  /** Marks memory to transfer with the answer instead of copying it; it must not be used afterwards. */
  handOver(...buffers: readonly ArrayBuffer[]): void;
  /** Runs a function once the answer has been sent. */
  afterwards(work: () => void): void;
}

/** What a runner may do outside jobs. */
export interface RunnerContext {
  /** Names the process that works for the runner, so that its memory is counted too; 0 when it has ended. */
  helper(pid: number): void;
}

/** Creates the function that runs jobs from the settings of the runner's kind. */
export type MakeWork<Task, Settings> = (
  settings: Settings,
  runner: RunnerContext,
) => (task: Task, job: JobContext) => unknown;

/**
 * Serves the pool that started this process or thread until it is ended. The module of a runner's kind calls it once.
 */
export function serve<Task, Settings = unknown>(makeWork: MakeWork<Task, Settings>): void {
  const parent = parentPort === null ? processParent() : threadParent(parentPort);
  const work = makeWork(parent.settings as Settings, {
    helper: (pid) => parent.send({ kind: 'helper', pid }, []),
  });
  const calls = new Map<number, (value: unknown) => void>();
  parent.hear((message) => {
    if (message.kind === 'reply') {
      calls.get(message.call)?.(message.value);
      calls.delete(message.call);
    } else void answer(parent, calls, work as (task: unknown, job: JobContext) => unknown, message);
  });
  parent.send({ kind: 'ready', memoryBytes: parent.memoryBytes() }, []);
}

interface Parent {
  readonly settings: unknown;
  hear(listener: (message: ToRunner) => void): void;
  send(message: FromRunner, transfer: readonly ArrayBuffer[]): void;
  memoryBytes(): number;
}

class OutputOverflow extends Error {}

async function answer(
  parent: Parent,
  calls: Map<number, (value: unknown) => void>,
  work: (task: unknown, job: JobContext) => unknown,
  { id, task, maxOutputBytes }: Extract<ToRunner, { kind: 'job' }>,
): Promise<void> {
  parent.send({ kind: 'started', id }, []);
  const startedAt = performance.now();
  const handedOver: ArrayBuffer[] = [];
  const later: (() => void)[] = [];
  let output = 0;
  const count = (value: unknown): void => {
    output += sizeOf(value, maxOutputBytes - output);
    if (output > maxOutputBytes) throw new OutputOverflow();
  };
  let callIds = 0;
  const job: JobContext = {
    call: (request, transfer = []) => {
      count(request);
      const call = (callIds += 1);
      parent.send({ kind: 'call', id, call, request }, transfer);
      return new Promise((resolve) => calls.set(call, resolve));
    },
    handOver: (...buffers) => void handedOver.push(...buffers),
    afterwards: (then) => void later.push(then),
  };
  const facts = (): { memoryBytes: number; workMs: number } => ({
    memoryBytes: parent.memoryBytes(),
    workMs: performance.now() - startedAt,
  });
  try {
    const value = await work(task, job);
    count(value);
    parent.send({ kind: 'done', id, value, ...facts() }, handedOver);
  } catch (error) {
    if (error instanceof OutputOverflow) parent.send({ kind: 'overflow', id }, []);
    else if (error instanceof PerennialError)
      parent.send({ kind: 'failed', id, type: error.type, message: error.message, ...facts() }, []);
    // The message of an unknown error may quote the input, so only its name is sent.
    else parent.send({ kind: 'unforeseen', id, name: error instanceof Error ? error.name : typeof error }, []);
  }
  for (const then of later) then();
}

function threadParent(port: NonNullable<typeof parentPort>): Parent {
  return {
    settings: (workerData as { readonly settings: unknown }).settings, // written by thread.ts
    hear: (listener) => void port.on('message', listener),
    send: (message, transfer) => port.postMessage(message, transfer),
    memoryBytes: () => {
      const { heapUsed, external } = process.memoryUsage(); // of this thread alone, unlike rss
      return heapUsed + external;
    },
  };
}

/**
 * Ends the whole process group, helpers included, when the parent is gone. It is a separate thread, because WebAssembly
 * can occupy the main one for minutes, and plain JavaScript, so that the thread need not load a compiler.
 */
const WATCHDOG = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => {
    if (process.ppid === workerData.parent) return;
    try { process.kill(-process.pid, 'SIGKILL'); } catch {}
    process.kill(process.pid, 'SIGKILL');
  }, 500);
`;

function processParent(): Parent {
  process.on('disconnect', endGroup);
  if (!process.connected) endGroup();
  new Worker(WATCHDOG, { eval: true, execArgv: [], workerData: { parent: process.ppid } }).unref();
  return {
    settings: JSON.parse(process.argv[2] ?? '{}'), // written by child.ts
    hear: (listener) => void process.on('message', (message) => listener(message as ToRunner)), // from child.ts alone
    send: (message) => {
      // An error means that the parent is gone. Unhandled, it would end this process alone and leave its helpers.
      if (process.connected) process.send?.(message, undefined, undefined, (error) => error !== null && endGroup());
    },
    memoryBytes: () => process.memoryUsage.rss(),
  };
}

function endGroup(): never {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    // Windows has no process groups, so only this process ends.
  }
  process.exit(1);
}
