/** Detects and stops the server of a data folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Content of `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** Whether the server reports that it accepts connections. */
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; `undefined` without a living process of that id. */
export async function readPostmaster(dataDir: string): Promise<PostmasterFile | undefined> {
  const lines = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 && isAlive(pid) ? { pid, port, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/** Tells whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Tells whether the server of this data folder answers at this address. The folder is compared, because the port may belong
 * to another server by now.
 */
export async function answers(url: string, dataDir: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on('error', () => {}); // a server that stops during the request does not answer
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === dataDir;
  } catch {
    return false;
  } finally {
    // The end of the connection is not awaited, because another server on this port may never answer.
    client.end().catch(() => {});
  }
}

const FAST_SHUTDOWN = 'SIGINT';
const IMMEDIATE_SHUTDOWN = 'SIGQUIT';

/**
 * Stops the server of a data folder, which rolls back running transactions and writes its data to disk. It does nothing when
 * the server has stopped, even if its process id now belongs to another program.
 */
export async function stopServer(dataDir: string, pid: number): Promise<void> {
  if ((await readPostmaster(dataDir))?.pid === pid) await stopProcess(pid);
}

/** Stops a server process that is known to belong to the data folder. */
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
