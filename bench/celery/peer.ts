/** Starts Celery with Redis for one section of the benchmark and stops both at its end. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isListening, nextFreePort } from '../../stack/ports.ts';
import { type ProcessHandle, signalGroup, startProcess } from '../../stack/processes/process-handle.ts';
import { tail } from '../../stack/state.ts';
import type { BenchContext, NotMeasured } from '../section.ts';
import { cpuSecondsOfGroup, residentMbOfGroup } from '../proc.ts';
import { celeryFolder, installCelery } from './install.ts';

/** Name of a scenario that the driver in Python implements. */
export type CeleryScenario = 'group' | 'chord' | 'chain' | 'calls' | 'chords' | 'round-trip';

const runSchema = z.object({
  /** Seconds from the call to the last result. */
  seconds: z.number(),
  /** CPU seconds of the client. */
  cpuSeconds: z.number(),
  p50Ms: z.number().optional(),
  p99Ms: z.number().optional(),
});

const sleepsSchema = z.object({
  seconds: z.number(),
  finished: z.int(),
  stuck: z.int(),
  lost: z.int(),
  begunTwice: z.int(),
  doneTwice: z.int(),
  /** Seconds until the group ended; `null` when it had not ended when the watch was over. */
  finishedAfter: z.number().nullable(),
});

/** CPU seconds of each process that takes part. */
export interface CeleryCpu {
  readonly worker: number;
  readonly broker: number;
  readonly client: number;
}

/** One scenario, measured from the call to the last result. */
export interface CeleryRun {
  readonly seconds: number;
  readonly cpu: CeleryCpu;
  readonly p50Ms?: number | undefined;
  readonly p99Ms?: number | undefined;
}

/** The result of a group of sleeping tasks. */
export type CelerySleeps = z.infer<typeof sleepsSchema>;

/** Options for a group of sleeping tasks. */
export interface SleepsOptions {
  readonly count: number;
  /** Maximum duration of the watch, in seconds. */
  readonly seconds: number;
  /** Kills the worker with all its processes when a third of the tasks has run, and starts another after a second. */
  readonly kill: boolean;
}

/** A running Celery. */
export interface CeleryPeer {
  run(scenario: CeleryScenario, count: number): Promise<CeleryRun>;
  sleeps(options: SleepsOptions): Promise<CelerySleeps>;
  /** Resident memory of the worker and the broker, in MB. */
  memoryMb(): { readonly worker: number; readonly broker: number };
}

/** Settings of the Celery worker. */
export interface CelerySettings {
  /** Sets `acks_late`, `reject_on_worker_lost` and a visibility time-out of 10 s. @defaultValue Celery's defaults */
  readonly safest?: boolean;
  /** Number of messages that each of the two processes reserves. */
  readonly prefetch: number;
}

const START_LIMIT_MS = 30_000;
const STOP_GRACE_MS = 5000;
const PAUSE_BEFORE_NEW_WORKER_MS = 1000;
const POLL_MS = 100;

/** Starts Redis and a worker, runs `body`, and stops both even when it fails. */
export async function withCelery<T>(
  context: BenchContext,
  settings: CelerySettings,
  body: (peer: CeleryPeer) => Promise<T>,
): Promise<T | NotMeasured> {
  const installation = await installCelery(context);
  if ('missing' in installation) return installation;
  const processes = new Processes(context, installation.python, settings);
  try {
    await processes.start();
    return await body({
      run: (scenario, count) => processes.run(scenario, count),
      sleeps: (options) => processes.sleeps(options),
      memoryMb: () => processes.memoryMb(),
    });
  } finally {
    await processes.stop();
  }
}

class Processes {
  private readonly context: BenchContext;
  private readonly python: string;
  private readonly settings: CelerySettings;
  private readonly folder: string;
  private env: NodeJS.ProcessEnv = {};
  private redis: ProcessHandle | undefined;
  private worker: ProcessHandle | undefined;

  constructor(context: BenchContext, python: string, settings: CelerySettings) {
    this.context = context;
    this.python = python;
    this.settings = settings;
    this.folder = path.join(context.folder, `celery-${settings.safest === true ? 'safest' : 'default'}`);
  }

  async start(): Promise<void> {
    mkdirSync(path.join(this.folder, 'redis'), { recursive: true });
    const port = await nextFreePort(0);
    this.env = {
      ...process.env,
      BENCH_REDIS: `redis://127.0.0.1:${String(port)}/0`,
      BENCH_PREFETCH: String(this.settings.prefetch),
      BENCH_SAFEST: this.settings.safest === true ? '1' : '0',
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONPATH: celeryFolder,
      // Celery warns when it runs as root, as everything does on some machines.
      C_FORCE_ROOT: '1',
    };
    const listen = ['--bind', '127.0.0.1', '--port', String(port)];
    const inMemory = ['--save', '', '--appendonly', 'no', '--dir', path.join(this.folder, 'redis')];
    this.redis = await startProcess({
      file: 'redis-server',
      args: [...listen, ...inMemory],
      env: this.env,
      logFile: path.join(this.folder, 'redis.log'),
    });
    await this.until(() => isListening(port), 'redis.log');
    await this.startWorker();
  }

  private async startWorker(): Promise<void> {
    const lean = ['--without-gossip', '--without-mingle', '--without-heartbeat'];
    this.worker = await startProcess({
      file: this.python,
      args: ['-m', 'celery', '-A', 'tasks', 'worker', '--pool', 'prefork', '-c', '2', ...lean, '--loglevel', 'INFO'],
      env: this.env,
      logFile: this.workerLog,
    });
    await this.until(() => tail(this.workerLog, 200).includes(' ready.'), 'worker.log');
  }

  private get workerLog(): string {
    return path.join(this.folder, 'worker.log');
  }

  private async until(holds: () => boolean | Promise<boolean>, log: string): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    while (!(await holds())) {
      this.context.signal.throwIfAborted();
      if (Date.now() > deadline)
        throw new Error(`the peer did not start; ${log} ends with:\n${tail(path.join(this.folder, log))}`);
      await sleep(POLL_MS);
    }
  }

  async run(scenario: CeleryScenario, count: number): Promise<CeleryRun> {
    const before = this.cpu();
    const { seconds, cpuSeconds, p50Ms, p99Ms } = runSchema.parse(await this.drive([scenario, String(count)]));
    const after = this.cpu();
    const cpu = { worker: after.worker - before.worker, broker: after.broker - before.broker, client: cpuSeconds };
    return { seconds, cpu, p50Ms, p99Ms };
  }

  async sleeps({ count, seconds, kill }: SleepsOptions): Promise<CelerySleeps> {
    let replaced: Promise<void> | undefined;
    const onHalf = (): void => {
      if (kill) replaced ??= this.replaceWorker();
    };
    const told = await this.drive(['sleeps', String(count), String(seconds)], onHalf);
    await replaced;
    return sleepsSchema.parse(told);
  }

  private async replaceWorker(): Promise<void> {
    const { worker } = this;
    if (worker === undefined) throw new TypeError('expected a worker to kill, got none');
    signalGroup(worker.pid, 'SIGKILL');
    await worker.ended;
    await sleep(PAUSE_BEFORE_NEW_WORKER_MS);
    await this.startWorker();
  }

  /** Runs the driver to its end and returns the JSON of its last line. */
  private async drive(args: readonly string[], onHalf: () => void = () => undefined): Promise<unknown> {
    const { signal } = this.context;
    signal.throwIfAborted();
    const child = spawn(this.python, [path.join(celeryFolder, 'drive.py'), ...args], {
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2000)));
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    let last = '';
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'half') onHalf();
      else last = line;
    }
    const code = await ended;
    if (code !== 0)
      throw new Error(`expected the driver of Celery to succeed, got exit code ${String(code)}: ${words}`);
    return JSON.parse(last);
  }

  private cpu(): { readonly worker: number; readonly broker: number } {
    return { worker: cpuSecondsOfGroup(this.worker?.pid ?? 0), broker: cpuSecondsOfGroup(this.redis?.pid ?? 0) };
  }

  memoryMb(): { readonly worker: number; readonly broker: number } {
    return { worker: residentMbOfGroup(this.worker?.pid ?? 0), broker: residentMbOfGroup(this.redis?.pid ?? 0) };
  }

  async stop(): Promise<void> {
    await this.worker?.stop(STOP_GRACE_MS);
    await this.redis?.stop(STOP_GRACE_MS);
  }
}
