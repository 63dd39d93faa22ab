/** Small files of the state folder: the running stack with its addresses, and locks between processes. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { BYTES_PER_MB } from '../contracts/values/units.ts';

/** Addresses of the parts of a running stack, including the password of the database. */
export interface StackAddresses {
  /** `host:port` of the Temporal server. */
  readonly temporal: string;
  readonly namespace: string;
  readonly database: string;
  /** URL of Temporal's Web UI; absent when the stack did not start the server. */
  readonly ui?: string;
  readonly api?: string;
  /** URL of the API's overview page. */
  readonly docs?: string;
  /** URL of the development inbox; absent when the configuration names an SMTP server. */
  readonly inbox?: string;
  /** `smtp://` address of the development inbox. */
  readonly smtp?: string;
  /** Health servers of the workers, by name. */
  readonly workers: Readonly<Record<string, string>>;
}

/** Content of `stack.json` while a stack runs. */
export interface StackRecord {
  /** Process id of the supervisor. */
  readonly pid: number;
  /** ISO time. */
  readonly startedAt: string;
  readonly addresses: StackAddresses;
  /** Absolute folders whose files its workers may read. */
  readonly documentRoots: readonly string[];
}

const stackSchema: z.ZodType<StackRecord> = z.object({
  pid: z.int(),
  startedAt: z.string(),
  addresses: z.object({
    temporal: z.string(),
    namespace: z.string(),
    database: z.string(),
    ui: z.string().exactOptional(),
    api: z.string().exactOptional(),
    docs: z.string().exactOptional(),
    inbox: z.string().exactOptional(),
    smtp: z.string().exactOptional(),
    workers: z.record(z.string(), z.string()),
  }),
  documentRoots: z.array(z.string()),
});

const stackFile = (stateDir: string): string => path.join(stateDir, 'stack.json');

/** Returns the stack that runs on a state folder; `undefined` when none does, also after a crash. */
export function readStack(stateDir: string): StackRecord | undefined {
  const parsed = stackSchema.safeParse(readJson(stackFile(stateDir)));
  return parsed.success && isAlive(parsed.data.pid) ? parsed.data : undefined;
}

/** Writes `stack.json`. */
export function writeStack(stateDir: string, record: StackRecord): void {
  writeJson(stackFile(stateDir), record);
}

/** Deletes `stack.json`. */
export function removeStack(stateDir: string): void {
  rmSync(stackFile(stateDir), { force: true });
}

/** Reads a JSON file; `undefined` when it is missing or unreadable. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Writes a JSON file that only this user can read; the write is atomic, so that readers never see a partial file. */
export function writeJson(file: string, value: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

/** Tells whether a process runs. A zombie, whose parent has not collected it as in a container without init, does not run. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // errors of `kill` have a code
  }
}

function isZombie(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${String(pid)}/stat`, 'latin1').replace(/^.*\)/s, ''));
  } catch {
    return false; // not Linux
  }
}

/** Tells whether a process exists and its command line contains a text, because process ids are reused. */
export function isProcessOf(pid: number, marker: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    if (existsSync('/proc/self/cmdline'))
      return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')
        .replaceAll('\0', ' ')
        .includes(marker);
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(marker);
  } catch {
    return false;
  }
}

const lockSchema = z.object({ pid: z.int() });
const HALF_WRITTEN_MS = 5000;

/** Takes a lock between processes; `undefined` when a running process holds it. The returned function releases it. */
export function tryLock(file: string): (() => void) | undefined {
  mkdirSync(path.dirname(file), { recursive: true });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(file, JSON.stringify({ pid: process.pid }), { flag: 'wx' });
      return () => {
        rmSync(file, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // file errors have a code
    }
    if (isLockHeld(file)) return undefined;
    rmSync(file, { force: true });
  }
  return undefined;
}

function isLockHeld(file: string): boolean {
  const holder = lockSchema.safeParse(readJson(file));
  if (holder.success) return isAlive(holder.data.pid);
  return existsSync(file) && Date.now() - statSync(file).mtimeMs < HALF_WRITTEN_MS;
}

/** Runs work under a lock between processes, and waits for the lock. */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  let release = tryLock(file);
  if (release === undefined) onWait?.();
  while (release === undefined) {
    await sleep(200);
    release = tryLock(file);
  }
  try {
    return await work();
  } finally {
    release();
  }
}

const ROTATE_AT_BYTES = 10 * BYTES_PER_MB;
const KEPT_LOGS = 5;

/** Rotates a log file before it is opened: beyond 10 MB it becomes `.1`, and older ones up to `.5` are kept. */
export function rotateLog(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  if (!existsSync(file) || statSync(file).size < ROTATE_AT_BYTES) return;
  for (let n = KEPT_LOGS - 1; n >= 1; n -= 1) {
    if (existsSync(`${file}.${String(n)}`)) renameSync(`${file}.${String(n)}`, `${file}.${String(n + 1)}`);
  }
  renameSync(file, `${file}.1`);
}

/** Returns the size of a file, in bytes; 0 when it does not exist. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Returns the last 15 lines of a log file after the offset `start`, in bytes, for error messages. */
export function tail(file: string, start = 0): string {
  try {
    return readFileSync(file).subarray(start).toString().trimEnd().split('\n').slice(-15).join('\n');
  } catch {
    return '(no log)';
  }
}
