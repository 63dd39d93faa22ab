/**
 * The other end of a pool: what a child process or a thread runs. One job at a
 * time; whatever it breaks, it breaks here and not where work is polled for.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { PerennialError } from '../../contracts/failures.ts';
import type { FromRunner, ToRunner } from './messages.ts';
import { sizeOf } from './size.ts';

/** What a job may do beside its work. */
export interface JobContext {
  /** Asks whoever gave the job, and waits for the reply; the memory named is handed over. */
  call(request: unknown, transfer?: readonly ArrayBuffer[]): Promise<unknown>;
  /** Names memory that goes with the answer in place of being copied; it must not be used afterwards. */
  handOver(...buffers: readonly ArrayBuffer[]): void;
  /** Has something done once the answer is on its way. */
  afterwards(work: () => void): void;
}

/** What a runner may do apart from any job. */
export interface RunnerContext {
  /** Names the process that works on the runner's behalf, so that its memory is counted too; 0 when it has ended. */
  helper(pid: number): void;
}

/** Makes the function that does jobs, from the settings of the runner's kind. */
export type MakeWork<Task, Settings> = (
  settings: Settings,
  runner: RunnerContext,
) => (task: Task, job: JobContext) => unknown;

/**
 * Serves the pool that has started this process or thread, until it is ended.
 * Called once, by the module that a runner's kind names.
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
  parent.send({ kind: 'ready' }, []);
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
    // The message of a foreign error may quote the input, so only its name goes on.
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
 * A thread of its own, because the main one can be inside WebAssembly for
 * minutes: when the parent is gone, the whole process group ends, running
 * helpers included. Plain text, so that the thread need not load a compiler.
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
      // An error means that the parent is gone; unheard, it would end this process alone and leave its helpers.
      if (process.connected) process.send?.(message, undefined, undefined, (error) => error !== null && endGroup());
    },
    memoryBytes: () => process.memoryUsage.rss(),
  };
}

function endGroup(): never {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    // No group of our own (Windows): ending ourselves is what is left.
  }
  process.exit(1);
}
