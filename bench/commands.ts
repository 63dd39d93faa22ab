/** Runs external programs. */
import { execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { signalGroup } from '../stack/processes/process-handle.ts';

/** An external program to run. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Variables that are added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** File that receives the standard output. @defaultValue the output is discarded */
  readonly output?: string;
  readonly signal: AbortSignal;
}

/** The end of a program. */
export interface Exit {
  readonly code: number | null;
  /** The last part of its standard error. */
  readonly words: string;
}

const LAST_WORDS = 2000;
const captured = promisify(execFile);

/** Returns whether a command is on PATH. */
export function isInstalled(name: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs a program to its end; an abort kills the program and all processes that it started. */
export async function exitOf({ file, args, cwd, env, output, signal }: Command): Promise<Exit> {
  signal.throwIfAborted();
  const target = output === undefined ? undefined : await open(output, 'w');
  try {
    const child = spawn(file, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      stdio: ['ignore', target?.fd ?? 'ignore', 'pipe'],
      detached: true, // a process group of its own, so that all its processes can be killed
    });
    const kill = (): void => {
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    };
    signal.addEventListener('abort', kill, { once: true });
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-LAST_WORDS)));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    signal.removeEventListener('abort', kill);
    signal.throwIfAborted();
    return { code, words };
  } finally {
    await target?.close();
  }
}

/**
 * Runs a program as {@link exitOf} does, and requires success.
 *
 * @throws Error with the last part of its standard error when the exit code is not 0
 */
export async function runCommand(command: Command): Promise<void> {
  const { code, words } = await exitOf(command);
  if (code !== 0) throw new Error(`expected ${command.file} to succeed, got exit code ${String(code)}: ${words}`);
}

/** Returns the lines that a program prints, for example its version; none when it is not installed. */
export async function linesOf(file: string, args: readonly string[]): Promise<readonly string[]> {
  try {
    const { stdout, stderr } = await captured(file, args);
    return (stdout || stderr).trim().split('\n');
  } catch {
    return [];
  }
}
