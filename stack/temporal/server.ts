/** Starts Temporal's development server with our settings, on a database file that outlives it. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { z } from 'zod';
import { isListening, nextFreePort } from '../ports.ts';
import { adoptProcess, startProcess, type ProcessHandle } from '../processes/process-handle.ts';
import { isProcessOf, readJson, sizeOf, tail, withLock, writeJson } from '../state.ts';

/** What {@link startTemporalServer} needs. */
export interface TemporalServerOptions {
  /** The `temporal` command. */
  readonly binary: string;
  /** Folder for the database file and the record of the running server. */
  readonly stateDir: string;
  /** Wanted port; the next free one is taken when it is busy, any free one for 0. */
  readonly port: number;
  /** Wanted port of the Web UI; as above. */
  readonly uiPort: number;
  /** What the server reports is added to it. @defaultValue `logs/temporal.log` in the state folder */
  readonly logFile?: string;
  /** Writes each step through to the disk. @defaultValue false: a power failure may take the last moments */
  readonly powerSafe?: boolean;
  /** Created at the start. @defaultValue default */
  readonly namespace?: string;
  /** Custom search attributes by name, with their type, for example `Keyword`. */
  readonly searchAttributes?: Readonly<Record<string, string>>;
  /** Further dynamic configuration of the server by key; the values are JSON. */
  readonly dynamicConfig?: Readonly<Record<string, string>>;
  /** Told when a wanted port was busy or a running server was found. */
  readonly log?: (line: string) => void;
  /** How long the server may take to answer, in milliseconds. @defaultValue 60 000 */
  readonly timeoutMs?: number;
}

/** A running server. */
export interface TemporalServer {
  /** `host:port`. */
  readonly address: string;
  readonly port: number;
  readonly uiPort: number;
  /** Address of the Web UI. */
  readonly uiUrl: string;
  readonly pid: number;
  /** It ran already when we came. */
  readonly reused: boolean;
  readonly process: ProcessHandle;
  /** Ends it, also one that was reused; its state stays. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 10_000;
const ATTEMPTS = 5;
/** Asks every 2 s at most, faster at first. */
const LONGEST_POLL_MS = 2000;

/** All are known to servers 1.29 to 1.32. */
const DYNAMIC_CONFIG: Readonly<Record<string, string>> = {
  // One partition: order, rates and fairness hold for the whole queue.
  'matching.numTaskqueueReadPartitions': '1',
  'matching.numTaskqueueWritePartitions': '1',
  'matching.useNewMatcher': 'true',
  'matching.enableFairness': 'true',
  'matching.priorityLevels': '5',
  'system.enableActivityEagerExecution': 'true',
  'frontend.WorkerHeartbeatsEnabled': 'true',
  'frontend.ListWorkersEnabled': 'true',
  // The defaults cost 50 ms for each hop and a whole second for short timers.
  'history.transferProcessorMaxPollRPS': '1000',
  'history.timerProcessorMaxPollRPS': '1000',
  'history.timerProcessorMaxTimeShift': '"5ms"',
  // Tasks of the server that are done stay in its memory until they are acknowledged, and with each new one it goes
  // through all of them: with the default of 30 s a busy server does little else after a while.
  'history.transferProcessorUpdateAckInterval': '"1s"',
  'history.timerProcessorUpdateAckInterval': '"1s"',
  'history.visibilityProcessorUpdateAckInterval': '"1s"',
  // A list is a tenth of a second old, and what ended within it was written once instead of three times.
  'history.visibilityProcessorMaxPollRPS': '10',
  // Reads the list of search attributes from the database a dozen times for each workflow otherwise: a seventh of the CPU.
  'system.forceSearchAttributesCacheRefreshOnRead': 'false',
};

/** Collects garbage half as often as it would: less CPU, for some memory. */
const GO_SETTINGS = { GOGC: '200' };

const recordSchema = z.object({ pid: z.int(), port: z.int(), uiPort: z.int() });

/**
 * Starts the server of a state folder, or finds the one that already runs
 * there. Safe to call from several processes at once.
 *
 * It does not die with us when we are killed: the record in the state folder
 * lets the next start find it again.
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
    await process.stop(STOP_GRACE_MS); // it holds the database but does not work
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
      // Someone took a port between our look and the server's: ours, or one of those it chooses for itself.
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
    // WAL lets reads go on beside writes. With `NORMAL` a step is safe from any kill once it is written to the file;
    // only with `FULL`, which waits for the disk each time, from a power failure as well.
    ...['--sqlite-pragma', 'journal_mode=WAL'],
    ...['--sqlite-pragma', `synchronous=${powerSafe ? 'FULL' : 'NORMAL'}`],
    // 16 MB in place of 2 for what it reads again and again, and fewer, larger moves from the log to the file.
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

/** Says whether an unencrypted server works: it answers, and its namespace is there. */
export async function isServing(address: string, namespace = 'default'): Promise<boolean> {
  const port = Number(address.split(':').at(-1));
  if (address.startsWith(HOST) && !(await isListening(port))) return false; // asked first: gRPC itself waits long before it gives up
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
