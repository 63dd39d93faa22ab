/** Finds the `temporal` command, or fetches it, so that it need not be installed by hand. */
import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withLock } from '../state.ts';
import { MINUTE_MS } from '../../contracts/values/units.ts';

/** The newest version that `go install` can build (newer ones carry a `replace` in their go.mod). */
export const BUILT_VERSION = '1.5.1';

/** Oldest server with priority, fairness and eager activities. */
const OLDEST_SERVER = [1, 29] as const;

const DOWNLOAD_LIMIT_MS = 60_000;
const BUILD_LIMIT_MS = 20 * MINUTE_MS;
const TICK_MS = 15_000;
const EXE = process.platform === 'win32' ? '.exe' : '';

const run = promisify(execFile);

/** A working command. */
export interface TemporalBinary {
  readonly path: string;
  /** Version of the command; `0.0.0` for one that was built without a version. */
  readonly version: string;
  /** Version of the server inside, for example `1.29.1`. */
  readonly server: string;
  readonly source: 'path' | 'cache' | 'download' | 'build';
}

/** Options of {@link findTemporal}. */
export interface FindOptions {
  /** Folder of fetched copies. @defaultValue {@link defaultCacheDir} */
  readonly cacheDir?: string;
  /** Receives messages about long steps. */
  readonly log: (line: string) => void;
  /** Folders with commands, in the form of PATH. @defaultValue PATH of this process */
  readonly searchPath?: string;
  readonly signal?: AbortSignal;
}

/** Returns `bin` in the cache folder of this user, which all checkouts share. */
export function defaultCacheDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const base = env['XDG_CACHE_HOME'];
  return path.join(base === undefined || base === '' ? path.join(homedir(), '.cache') : base, 'perennial', 'bin');
}

/** The `temporal` command was neither found nor fetched; the message lists what was tried and what to do. */
export class TemporalNotFoundError extends Error {
  override readonly name = 'TemporalNotFoundError';

  constructor(tried: readonly string[]) {
    super(
      [
        'No usable `temporal` command. Tried:',
        ...tried.map((line) => `  - ${line}`),
        'Any one of these helps:',
        '  - install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal --version` works',
        '  - install Go and allow it to reach its module proxy',
        '  - set TEMPORAL_ADDRESS to a Temporal server that runs already',
      ].join('\n'),
    );
  }
}

/**
 * Looks for `temporal` on PATH, then in the cache; else downloads it, else builds it.
 *
 * @throws TemporalNotFoundError
 */
export async function findTemporal(options: FindOptions): Promise<TemporalBinary> {
  const tried: string[] = [];
  const cacheDir = options.cacheDir ?? defaultCacheDir();
  const present =
    (await fromPath(options.searchPath ?? process.env['PATH'] ?? '', tried)) ?? (await fromCache(cacheDir, tried));
  if (present !== undefined) return present;
  mkdirSync(cacheDir, { recursive: true });
  const wait = (): void => {
    options.log('another process is fetching the temporal command; waiting for it');
  };
  return withLock(
    path.join(cacheDir, '.lock'),
    async () => {
      const found =
        (await fromCache(cacheDir, [])) ??
        (await fromDownload(cacheDir, options, tried)) ??
        (await fromBuild(cacheDir, options, tried));
      if (found === undefined) throw new TemporalNotFoundError(tried);
      return found;
    },
    wait,
  );
}

async function fromPath(searchPath: string, tried: string[]): Promise<TemporalBinary | undefined> {
  for (const folder of searchPath.split(path.delimiter).filter((part) => part !== '')) {
    const file = path.join(folder, `temporal${EXE}`);
    if (!isExecutable(file)) continue;
    const found = await examine(file, 'path', tried);
    if (found !== undefined) return found;
  }
  tried.push('PATH: no usable `temporal`');
  return undefined;
}

async function fromCache(cacheDir: string, tried: string[]): Promise<TemporalBinary | undefined> {
  const names = listFiles(cacheDir)
    .filter((name) => /^temporal-\d/.test(name))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  for (const name of names) {
    const found = await examine(path.join(cacheDir, name), 'cache', tried);
    if (found !== undefined) return found;
  }
  tried.push(`cache: nothing usable in ${cacheDir}`);
  return undefined;
}

/** Downloads the command by Temporal's SDK, in a separate process that can be killed after a timeout. */
async function fromDownload(
  cacheDir: string,
  { log, signal }: FindOptions,
  tried: string[],
): Promise<TemporalBinary | undefined> {
  const folder = mkdtempSync(path.join(cacheDir, '.download-'));
  log('downloading the temporal command (about 50 MB)');
  try {
    const script = fileURLToPath(new URL('./download.mjs', import.meta.url));
    const result = await runLong(process.execPath, [script, folder], {
      limitMs: DOWNLOAD_LIMIT_MS,
      signal,
    });
    const name = listFiles(folder).find((file) => file.startsWith('temporal'));
    if (result !== 'ok' || name === undefined) {
      tried.push(`download from temporal.download: ${result === 'ok' ? 'no file came' : result}`);
      return undefined;
    }
    return await keep(path.join(folder, name), cacheDir, 'download', tried);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fromBuild(
  cacheDir: string,
  { log, signal, searchPath }: FindOptions,
  tried: string[],
): Promise<TemporalBinary | undefined> {
  const folder = mkdtempSync(path.join(cacheDir, '.build-'));
  const env = { ...process.env, GOBIN: folder, ...(searchPath === undefined ? {} : { PATH: searchPath }) };
  const startedAt = Date.now();
  log(`building the temporal command ${BUILT_VERSION} with Go, once; this takes about three minutes`);
  const tick = setInterval(() => {
    log(`building the temporal command, ${String(Math.round((Date.now() - startedAt) / 1000))} s so far`);
  }, TICK_MS);
  try {
    const result = await runLong('go', ['install', `github.com/temporalio/cli/cmd/temporal@v${BUILT_VERSION}`], {
      limitMs: BUILD_LIMIT_MS,
      signal,
      env,
    });
    if (result !== 'ok') {
      tried.push(`go install: ${result}`);
      return undefined;
    }
    return await keep(path.join(folder, `temporal${EXE}`), cacheDir, 'build', tried, BUILT_VERSION);
  } finally {
    clearInterval(tick);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Moves a fetched file to its place atomically, so that other processes never see a partial file. */
async function keep(
  file: string,
  cacheDir: string,
  source: TemporalBinary['source'],
  tried: string[],
  version?: string,
): Promise<TemporalBinary | undefined> {
  const found = await examine(file, source, tried);
  if (found === undefined) return undefined;
  const target = path.join(cacheDir, `temporal-${version ?? found.version}${EXE}`);
  renameSync(file, target);
  return { ...found, path: target };
}

/** Reads the version of a command; a broken or foreign file of that name does not stop the search. */
async function examine(
  file: string,
  source: TemporalBinary['source'],
  tried: string[],
): Promise<TemporalBinary | undefined> {
  try {
    const { stdout } = await run(file, ['--version'], { timeout: 20_000 });
    const server = /Server (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (server === undefined) tried.push(`${file}: '--version' names no server: ${stdout.trim().slice(0, 100)}`);
    else if (isOlder(server)) tried.push(`${file}: its server ${server} is older than ${OLDEST_SERVER.join('.')}`);
    else return { path: file, version: /version (\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? '0.0.0', server, source };
  } catch (error) {
    tried.push(`${file}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`);
  }
  return undefined;
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor < OLDEST_SERVER[1]);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Runs a command to its end; returns `ok` or the failure in one line. */
function runLong(
  command: string,
  args: readonly string[],
  options: { limitMs: number; signal?: AbortSignal | undefined; env?: NodeJS.ProcessEnv },
): Promise<string> {
  if (options.signal?.aborted === true) return Promise.resolve('interrupted');
  return new Promise((resolve) => {
    // The command has its own process group, so that only this process handles Ctrl-C.
    const child = spawn(command, args, {
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: EXE === '',
    });
    let output = '';
    let reason: string | undefined;
    const end = (why: string): void => {
      reason = why;
      killGroup(child.pid);
    };
    const timer = setTimeout(() => {
      end(`gave up after ${String(Math.round(options.limitMs / 1000))} s`);
    }, options.limitMs);
    const abort = (): void => {
      end('interrupted');
    };
    options.signal?.addEventListener('abort', abort, { once: true });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-4000);
      });
    const finish = (result: string): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      resolve(reason ?? result);
    };
    child.once('error', (error) => {
      finish(error.message);
    });
    child.once('close', (code) => {
      finish(code === 0 ? 'ok' : (output.trim().split('\n').at(-1) ?? `exit code ${String(code)}`));
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(EXE === '' ? -pid : pid, 'SIGKILL');
  } catch {
    // The process has already ended.
  }
}
