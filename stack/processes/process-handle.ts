/** Handle of a running process, whether it was started or found. */
import { spawn, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, rotateLog } from '../state.ts';
import { projectDir } from '../../config/project.ts';

/** Description of the end of a process: `exit code 1`, `SIGKILL`. */
export interface Ended {
  /** Exit code; `null` after a signal and for a process that was found. */
  readonly code: number | null;
  readonly text: string;
}

/** A running process. */
export interface ProcessHandle {
  readonly pid: number;
  /** Resolves when it has ended; never rejects. */
  readonly ended: Promise<Ended>;
  /** Asks it to end, and kills it and its children after `graceMs`. It does nothing after the end. */
  stop(graceMs: number): Promise<void>;
}

/** A program to start. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** File to which standard output and standard error are appended. */
  readonly logFile: string;
  /** Whether a Node child gets a channel whose end tells it that this process has died. */
  readonly channel?: boolean;
}

/**
 * Starts a process in its own process group, so that Ctrl-C in a terminal reaches only the supervisor, which stops its
 * processes in order.
 *
 * @throws Error when the file cannot be started
 */
export async function startProcess({ file, args, env, logFile, channel = false }: Command): Promise<ProcessHandle> {
  rotateLog(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const stdio: StdioOptions = channel ? ['ignore', log, log, 'ipc'] : ['ignore', log, log];
  try {
    const child = spawn(file, args, { env, stdio, detached: true, cwd: projectDir });
    const ended = new Promise<Ended>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve({ code, text: signal ?? `exit code ${String(code)}` });
      });
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => {
        reject(new Error(`${file} could not be started: ${error.message}`, { cause: error }));
      });
    });
    child.on('error', () => undefined); // a message could not be delivered; `ended` reports the end
    return handle(child.pid ?? 0, ended); // a spawned child has a pid
  } finally {
    closeSync(log);
  }
}

const WATCH_MS = 250;

/** Makes the handle of a process that was found; its end is detected by polling. */
export function adoptProcess(pid: number): ProcessHandle {
  const watch = async (): Promise<Ended> => {
    while (isAlive(pid)) await sleep(WATCH_MS, undefined, { ref: false });
    return { code: null, text: 'ended' };
  };
  return handle(pid, watch());
}

function handle(pid: number, ended: Promise<Ended>): ProcessHandle {
  let gone = false;
  void ended.then(() => {
    gone = true;
  });
  const stop = async (graceMs: number): Promise<void> => {
    if (!gone) {
      signalProcess(pid, 'SIGTERM');
      const late = new AbortController();
      await Promise.race([ended, sleep(graceMs, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
    }
    signalGroup(pid, 'SIGKILL'); // also processes that it left behind
    await ended;
  };
  return { pid, ended, stop };
}

/** Sends a signal; returns whether the process exists. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Sends a signal to a process and its group, also when the process itself has ended. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  signalProcess(process.platform === 'win32' ? pid : -pid, signal);
}
