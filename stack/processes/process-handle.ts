/** One running process, ours or found running: the same few things can be done with both. */
import { spawn, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, rotateLog } from '../state.ts';

/** How a process ended, for people: `exit code 1`, `SIGKILL`. */
export interface Ended {
  /** `null` after a signal, and for a process that was not started by us. */
  readonly code: number | null;
  readonly text: string;
}

/** A running process. */
export interface ProcessHandle {
  readonly pid: number;
  /** Fulfilled when it is gone; never rejected. */
  readonly ended: Promise<Ended>;
  /** Asks it to end, and kills it with everything it started when it has not after `graceMs`. Harmless when it is gone. */
  stop(graceMs: number): Promise<void>;
}

/** What to start. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Both outputs are added to it. */
  readonly logFile: string;
  /** Gives a Node child a channel to us, whose end tells it that we died. */
  readonly channel?: boolean;
}

/**
 * Starts a process in a group of its own: Ctrl-C in a terminal reaches the
 * supervisor alone, which then decides the order in which things stop.
 *
 * @throws Error when the file cannot be started
 */
export async function startProcess({ file, args, env, logFile, channel = false }: Command): Promise<ProcessHandle> {
  rotateLog(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const stdio: StdioOptions = channel ? ['ignore', log, log, 'ipc'] : ['ignore', log, log];
  try {
    const child = spawn(file, args, { env, stdio, detached: true, cwd: path.resolve(import.meta.dirname, '../..') });
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
    child.on('error', () => undefined); // a message that could not be delivered; `ended` tells the rest
    return handle(child.pid ?? 0, ended); // a spawned child has a pid
  } finally {
    closeSync(log);
  }
}

const WATCH_MS = 250;

/** Takes over a process that somebody else started; it is watched by asking whether it still lives. */
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
    signalGroup(pid, 'SIGKILL'); // also what it started and left behind
    await ended;
  };
  return { pid, ended, stop };
}

/** Sends a signal; says whether there was someone to receive it. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Sends a signal to a process and to everything in its group, also when the process itself is gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  signalProcess(process.platform === 'win32' ? pid : -pid, signal);
}
