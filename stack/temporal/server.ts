/** Starts Temporal's development server with the settings of Perennial, on a persistent database file. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { z } from 'zod';
import { isListening, nextFreePort } from '../ports.ts';
import { adoptProcess, startProcess, type ProcessHandle } from '../processes/process-handle.ts';
import { isProcessOf, readJson, sizeOf, tail, withLock, writeJson } from '../state.ts';

/** Options of {@link startTemporalServer}. */
export interface TemporalServerOptions {
  /** The `temporal` command. */
  readonly binary: string;
  /** Folder for the database file and the record of the running server. */
  readonly stateDir: string;
  /** Preferred port; the next free one when it is busy, any free one for 0. */
  readonly port: number;
  /** Preferred port of the Web UI, with the same rule. */
  readonly uiPort: number;
  /** File to which the server's log is appended. @defaultValue `logs/temporal.log` in the state folder */
  readonly logFile?: string;
  /** Whether each step is flushed to the disk. @defaultValue false: a power failure may lose the last steps */
  readonly powerSafe?: boolean;
  /** Namespace, created at the start. @defaultValue default */
  readonly namespace?: string;
  /** Custom search attributes by name, with their type, for example `Keyword`. */
  readonly searchAttributes?: Readonly<Record<string, string>>;
  /** Additional dynamic configuration of the server by key; the values are JSON. */
  readonly dynamicConfig?: Readonly<Record<string, string>>;
  /** Receives a message when a port is busy or a running server is found. */
  readonly log?: (line: string) => void;
  /** Longest time until the server answers, in milliseconds. @defaultValue 60 000 */
  readonly timeoutMs?: number;
}

/** A running server. */
export interface TemporalServer {
  /** `host:port`. */
  readonly address: string;
  readonly port: number;
  readonly uiPort: number;
  /** URL of the Web UI. */
  readonly uiUrl: string;
  readonly pid: number;
  /** Whether the server was already running. */
  readonly reused: boolean;
  readonly process: ProcessHandle;
  /** Stops the server, also a reused one; its data is kept. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 10_000;
const ATTEMPTS = 5;
/** Longest pause between two checks, in milliseconds; the first ones are shorter. */
const LONGEST_POLL_MS = 2000;

/** Dynamic configuration; servers 1.29 to 1.32 know all keys. */
const DYNAMIC_CONFIG: Readonly<Record<string, string>> = {
  // With one partition, order, rates and fairness hold for the whole queue.
  'matching.numTaskqueueReadPartitions': '1',
  'matching.numTaskqueueWritePartitions': '1',
  'matching.useNewMatcher': 'true',
  'matching.enableFairness': 'true',
  'matching.priorityLevels': '5',
  'system.enableActivityEagerExecution': 'true',
  'frontend.WorkerHeartbeatsEnabled': 'true',
  'frontend.ListWorkersEnabled': 'true',
  // The defaults add 50 ms to each hop and a second to short timers.
  'history.transferProcessorMaxPollRPS': '1000',
  'history.timerProcessorMaxPollRPS': '1000',
  'history.timerProcessorMaxTimeShift': '"5ms"',
  // Finished internal tasks stay in memory until they are acknowledged, and the server scans all of them for each new one.
  // With the default of 30 s, a busy server soon does little else.
  'history.transferProcessorUpdateAckInterval': '"1s"',
  'history.timerProcessorUpdateAckInterval': '"1s"',
  'history.visibilityProcessorUpdateAckInterval': '"1s"',
  // The visibility index lags by 0.1 s, and a run that ends within this time is written once instead of three times.
  'history.visibilityProcessorMaxPollRPS': '10',
  // The server runs schedules in workers of its own, whose few pollers may all wait elsewhere: whoever asks for a schedule then
  // waits for this time, which is 5 s by default, before another way is taken.
  'worker.perNamespaceWorkerOptions': '{"StickyScheduleToStartTimeout":"500ms"}',
  // Without this cache, the server reads the search attributes a dozen times for each workflow, a seventh of its CPU time.
  'system.forceSearchAttributesCacheRefreshOnRead': 'false',
};

/** Halves the frequency of garbage collections, which trades memory for CPU time. */
const GO_SETTINGS = { GOGC: '200' };

const recordSchema = z.object({ pid: z.int(), port: z.int(), uiPort: z.int() });

/**
 * Starts the server of a state folder, or finds the one that already runs
 * there. Safe to call from several processes at once.
 *
 * The server keeps running when this process is killed, and the record in the state folder lets the next start find it.
 *
 * @throws Error when the server does not answer in time; the message ends with its log
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const stateDir = path.resolve(options.stateDir);
  mkdirSync(stateDir, { recursive: true });
  return withLock(
    path.join(stateDir, 'temporal.lock'),
    async () => (await findRunning(stateDir, options)) ?? (await launch(stateDir, options)),
  );
}

const databaseFile = (stateDir: string): string => path.join(stateDir, 'temporal.db');
const recordFile = (stateDir: string): string => path.join(stateDir, 'temporal.json');

async function findRunning(stateDir: string, options: TemporalServerOptions): Promise<TemporalServer | undefined> {
  const record = recordSchema.safeParse(readJson(recordFile(stateDir)));
  if (!record.success || !isProcessOf(record.data.pid, databaseFile(stateDir))) return undefined;
  const { pid, port, uiPort } = record.data;
  const process = adoptProcess(pid);
  try {
    await waitUntilServing(
      `${HOST}:${String(port)}`,
      options.namespace ?? 'default',
      process,
      options.timeoutMs ?? START_TIMEOUT_MS,
    );
  } catch {
    await process.stop(STOP_GRACE_MS); // it locks the database but does not work
    return undefined;
  }
  options.log?.(`found our Temporal server running (process ${String(pid)})`);
  return describe({ process, port, uiPort, reused: true });
}

async function launch(stateDir: string, options: TemporalServerOptions): Promise<TemporalServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launchOnce(stateDir, options);
    } catch (error) {
      // Another program took one of the server's ports after it was checked.
      if (attempt === ATTEMPTS || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function launchOnce(stateDir: string, options: TemporalServerOptions): Promise<TemporalServer> {
  const port = await choosePort('port', options.port, [], options.log);
  const uiPort = await choosePort('Web UI port', options.uiPort, [port], options.log);
  const namespace = options.namespace ?? 'default';
  const logFile = options.logFile ?? path.join(stateDir, 'logs', 'temporal.log');
  const logStart = sizeOf(logFile);
  const args = serverArguments({ ...options, namespace, port, uiPort }, databaseFile(stateDir));
  const env = { ...GO_SETTINGS, ...process.env };
  const handle = await startProcess({ file: options.binary, args, env, logFile });
  writeJson(recordFile(stateDir), { pid: handle.pid, port, uiPort });
  try {
    await waitUntilServing(`${HOST}:${String(port)}`, namespace, handle, options.timeoutMs ?? START_TIMEOUT_MS);
  } catch (error) {
    await handle.stop(STOP_GRACE_MS);
    const reason = error instanceof Error ? error.message : String(error);
    const words = tail(logFile, logStart);
    throw new Error(`The Temporal server did not start: ${reason}. Its log (${logFile}) ends with:\n${words}`, {
      cause: error,
    });
  }
  return describe({ process: handle, port, uiPort, reused: false });
}

async function choosePort(
  what: string,
  wanted: number,
  taken: readonly number[],
  log: ((line: string) => void) | undefined,
): Promise<number> {
  const port = await nextFreePort(wanted, taken);
  if (wanted !== 0 && port !== wanted)
    log?.(`Temporal: ${what} ${String(wanted)} is used by another program; using ${String(port)}`);
  return port;
}

function serverArguments(options: TemporalServerOptions & { readonly namespace: string }, database: string): string[] {
  const { port, uiPort, namespace, searchAttributes = {}, dynamicConfig = {}, powerSafe = false } = options;
  return [
    ...[
      'server',
      'start-dev',
      '--ip',
      HOST,
      '--port',
      String(port),
      '--ui-ip',
      HOST,
      '--ui-port',
      String(uiPort),
      '--db-filename',
      database,
    ],
    // WAL allows reads during writes. With `NORMAL`, a written step survives a kill; only `FULL`, which waits for the disk
    // each time, also survives a power failure.
    ...['--sqlite-pragma', 'journal_mode=WAL'],
    ...['--sqlite-pragma', `synchronous=${powerSafe ? 'FULL' : 'NORMAL'}`],
    // A cache of 16 MB instead of 2 MB, and fewer but larger checkpoints of the log.
    ...['--sqlite-pragma', 'cache_size=-16384', '--sqlite-pragma', 'wal_autocheckpoint=10000'],
    ...['--log-format', 'json', '--log-level', 'warn'],
    ...(namespace === 'default' ? [] : ['--namespace', namespace]),
    ...Object.entries({ ...DYNAMIC_CONFIG, ...dynamicConfig }).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${value}`,
    ]),
    ...Object.entries(searchAttributes).flatMap(([key, type]) => ['--search-attribute', `${key}=${type}`]),
  ];
}

function describe({
  process,
  port,
  uiPort,
  reused,
}: {
  process: ProcessHandle;
  port: number;
  uiPort: number;
  reused: boolean;
}): TemporalServer {
  return {
    address: `${HOST}:${String(port)}`,
    port,
    uiPort,
    uiUrl: `http://localhost:${String(uiPort)}`,
    pid: process.pid,
    reused,
    process,
    stop: () => process.stop(STOP_GRACE_MS),
  };
}

async function waitUntilServing(
  address: string,
  namespace: string,
  handle: ProcessHandle,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let ended: string | undefined;
  void handle.ended.then(({ text }) => {
    ended = text;
  });
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, LONGEST_POLL_MS)) {
    if (await isServing(address, namespace)) return;
    if (ended !== undefined) throw new Error(`it ended with ${ended}`);
    if (Date.now() > deadline) throw new Error(`it did not answer within ${String(timeoutMs)} ms`);
    await sleep(pauseMs);
  }
}

/** Tells whether a server without TLS answers and has the namespace. */
export async function isServing(address: string, namespace = 'default'): Promise<boolean> {
  const port = Number(address.split(':').at(-1));
  if (address.startsWith(HOST) && !(await isListening(port))) return false; // checked first, because gRPC waits long before it fails
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: 3000 });
    await connection.workflowService.describeNamespace({ namespace });
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}
