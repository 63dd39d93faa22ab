/** Tells whether a server runs on a data folder, and ends it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** What `postmaster.pid` says. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** The server says that it accepts connections. */
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; `undefined` without a living process of that id. */
export async function readPostmaster(dataDir: string): Promise<PostmasterFile | undefined> {
  const lines = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 && isAlive(pid) ? { pid, port, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/** Says whether a process of this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Says whether the server of this data folder answers at this address. The
 * folder is compared, since the port may meanwhile belong to someone else.
 */
export async function answers(url: string, dataDir: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on('error', () => {}); // a server that goes away while it is asked is simply not there
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === dataDir;
  } catch {
    return false;
  } finally {
    // Not waited for: who listens there instead of our server may never answer the farewell.
    client.end().catch(() => {});
  }
}

const FAST_SHUTDOWN = 'SIGINT';
const IMMEDIATE_SHUTDOWN = 'SIGQUIT';

/**
 * Ends the server of a data folder: running transactions are rolled back,
 * everything is written to disk. Does nothing when the server is gone, even
 * when its process id belongs to another program by now.
 */
export async function stopServer(dataDir: string, pid: number): Promise<void> {
  if ((await readPostmaster(dataDir))?.pid === pid) await stopProcess(pid);
}

/** Ends a server process that is known to be ours. */
export async function stopProcess(pid: number): Promise<void> {
  for (const [signal, patienceMs] of [
    [FAST_SHUTDOWN, 30_000],
    [IMMEDIATE_SHUTDOWN, 10_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    const deadline = Date.now() + patienceMs;
    while (isAlive(pid) && Date.now() < deadline) await sleep(20);
  }
}
