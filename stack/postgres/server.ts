/** Starts the PostgreSQL server that npm installed, for installations without a server. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../ports.ts';
import { chooseAccount, type PostgresAccount } from './account.ts';
import { answers, isAlive, readPostmaster, stopProcess, stopServer } from './running.ts';

/** Options of {@link startEmbeddedPostgres}. */
export interface EmbeddedPostgresOptions {
  /** Data folder, created when missing. The password is stored in `<dataDir>.password`. */
  readonly dataDir: string;
  /** Port on 127.0.0.1; 0 for a free one. */
  readonly port: number;
  /** File to which the server's log is appended. */
  readonly logFile: string;
  /** Further settings of the server, for example `{ fsync: 'off' }` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A running server. */
export interface EmbeddedPostgres {
  /** URL with user and password; it must never be logged. */
  readonly url: string;
  readonly pid: number;
  readonly port: number;
  /** Whether the server was already running. */
  readonly reused: boolean;
  /** Data folder, which differs from the requested one where root cannot use `setpriv`. */
  readonly dataDir: string;
  /** Stops the server, also a reused one, and waits for its end. */
  stop(): Promise<void>;
}

const USER = 'perennial';
const START_PATIENCE_MS = 60_000;
const ATTEMPTS = 6;

/**
 * Starts a server on a data folder, or finds the one that runs there. It listens on 127.0.0.1 only, requires a password, and
 * keeps running when this process is killed.
 *
 * @throws Error when the server does not start; the message ends with the end of its log
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const wanted = resolve(options.dataDir);
  await mkdir(dirname(wanted), { recursive: true });
  await mkdir(dirname(resolve(options.logFile)), { recursive: true });
  // The server reports the resolved path, which is compared below.
  const account = await chooseAccount(join(await realpath(dirname(wanted)), basename(wanted)));
  const password = await ensurePassword(account);
  await ensureCluster(account, options.settings?.['fsync'] === 'off');
  let problem: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return (await findRunning(account, password)) ?? (await launch(account, password, options));
    } catch (error) {
      // The port or the folder was taken meanwhile, or helper processes of a killed server still hold its shared memory
      // for a moment.
      problem = error;
      if (options.port !== 0 && String(error).includes('Address already in use')) break;
      await sleep(500);
    }
  }
  throw problem;
}

async function findRunning(account: PostgresAccount, password: string): Promise<EmbeddedPostgres | undefined> {
  const deadline = Date.now() + START_PATIENCE_MS;
  for (;;) {
    const found = await readPostmaster(account.dataDir);
    if (found === undefined) return undefined;
    const url = urlOf(found.port, password);
    if (await answers(url, account.dataDir)) return running(account, found.pid, found.port, url, true);
    // PostgreSQL itself ignores a stale file whose process id belongs to another program.
    if (!(await isPostgres(found.pid)) || Date.now() > deadline) return undefined;
    await sleep(100);
  }
}

async function isPostgres(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${String(pid)}/comm`, 'utf8').catch(() => 'postgres');
  return command.startsWith('postgres');
}

function urlOf(port: number, password: string): string {
  return `postgresql://${USER}:${password}@127.0.0.1:${String(port)}/postgres`;
}

function running(account: PostgresAccount, pid: number, port: number, url: string, reused: boolean): EmbeddedPostgres {
  return { url, pid, port, reused, dataDir: account.dataDir, stop: () => stopServer(account.dataDir, pid) };
}

/** Returns the password. The first of several processes that start at once creates it, and the others read it. */
async function ensurePassword(account: PostgresAccount): Promise<string> {
  const file = `${account.dataDir}.password`;
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, randomBytes(24).toString('hex'), { mode: 0o600 });
  try {
    await account.own(draft);
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(file, 'utf8')).trim();
}

/**
 * Makes the data folder atomically, so that a killed `initdb` leaves no partial folder.
 *
 * @param unsynced - the folder need not outlive the machine, so that nothing waits for the disk
 */
async function ensureCluster(account: PostgresAccount, unsynced: boolean): Promise<void> {
  const { dataDir } = account;
  const existing: readonly string[] = await readdir(dataDir).catch(() => []);
  if (existing.includes('PG_VERSION')) return;
  if (existing.length > 0) {
    throw new Error(
      `Expected ${dataDir} to be empty or a data folder of PostgreSQL, found other files. Choose another folder.`,
    );
  }
  const draft = `${dataDir}.new-${randomBytes(6).toString('hex')}`;
  await mkdir(draft, { mode: 0o700 });
  try {
    await account.own(draft);
    await initialise(account, draft, unsynced);
    await rename(draft, dataDir).catch(async (error: unknown) => {
      // Another process has made the folder, with the same password.
      if (!(await readdir(dataDir)).includes('PG_VERSION')) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function initialise(account: PostgresAccount, folder: string, unsynced: boolean): Promise<void> {
  const args = ['-D', folder, '-U', USER, '--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--no-instructions'];
  const more = [...(unsynced ? ['--no-sync'] : []), `--pwfile=${account.dataDir}.password`];
  const child = account.spawn(account.binaries.initdb, [...args, ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  if (code !== 0)
    throw new Error(
      `Expected initdb to create ${folder}, found exit code ${String(code)}: ${output.join('').slice(-1000)}`,
    );
}

async function launch(
  account: PostgresAccount,
  password: string,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const port = options.port === 0 ? await freePort() : options.port;
  const log = await open(resolve(options.logFile), 'a', 0o600);
  const start = (await log.stat()).size;
  let child: ChildProcess;
  try {
    child = account.spawn(account.binaries.postgres, serverArguments(account.dataDir, port, options.settings), {
      stdio: ['ignore', log.fd, log.fd],
      cwd: dirname(account.dataDir),
      // The server has its own process group, so that Ctrl-C does not stop it before the processes that use it.
      detached: true,
    });
  } finally {
    await log.close();
  }
  child.unref();
  let ended: string | undefined;
  child
    .on('error', (error) => (ended = error.message))
    .on('exit', (code, signal) => (ended = `exit ${String(code ?? signal)}`));
  const url = urlOf(port, password);
  const deadline = Date.now() + START_PATIENCE_MS;
  while (!(await isReady(child, url, account.dataDir))) {
    if (ended !== undefined || Date.now() > deadline) {
      if (child.pid !== undefined && isAlive(child.pid) && ended === undefined) await stopProcess(child.pid);
      const words = (await readFile(resolve(options.logFile))).subarray(start).toString().slice(-1500).trim();
      throw new Error(
        `Expected PostgreSQL to start on port ${String(port)}, found: ${ended ?? 'no answer'}. Its last words: ${words}`,
      );
    }
    await sleep(25);
  }
  if (child.pid === undefined) throw new Error('Expected the process id of PostgreSQL, found none.');
  return running(account, child.pid, port, url, false);
}

/** Waits until the server reports that it is ready; a connection alone could reach another server on the port. */
async function isReady(child: ChildProcess, url: string, dataDir: string): Promise<boolean> {
  const found = await readPostmaster(dataDir);
  return found?.pid === child.pid && found?.ready === true && answers(url, dataDir);
}

function serverArguments(
  dataDir: string,
  port: number,
  settings: Readonly<Record<string, string>> = {},
): readonly string[] {
  const all: Readonly<Record<string, string>> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
  };
  return ['-D', dataDir, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
