/** A child process as a runner: a minimal environment, a process group of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { loaderArguments } from '../../contracts/values/modules.ts';
import type { Link, LinkEvents } from './link.ts';
import type { FromRunner, ToRunner } from './messages.ts';
import type { ChildKind, RunnerEnd } from './port.ts';

/** Variables that every child needs. Keys and passwords of the parent are not inherited. */
const INHERITED = ['PATH', 'Path', 'HOME', 'USERPROFILE', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LD_LIBRARY_PATH'];

/** Characters of standard error that are kept, from the end. */
const KEPT_ERROR_LENGTH = 8_192;
/** Time to wait for the rest of standard error after the exit, in milliseconds. */
const ERROR_WAIT_MS = 200;
/** Time to wait for the exit of a child that cannot be sent a message, in milliseconds. */
const EXIT_WAIT_MS = 1_000;

/** Starts a child process. */
export function openChild(kind: ChildKind, events: LinkEvents): Link {
  const child = start(kind);
  const errors = keepErrors(child);
  const end = { killed: false };
  child.on('message', (message) => events.onMessage(message as FromRunner)); // the only sender is serve.ts
  const ended = new Promise<void>((resolve) => {
    const settle = (how: RunnerEnd): void => {
      events.onEnd(how);
      resolve();
    };
    child.once('exit', (code, signal) => {
      events.onGone();
      // The group is killed even after an unexpected exit, because a helper left behind would keep using a core.
      killGroup(child);
      const told = (): void => settle({ kind: 'exit', code, signal, fatal: fatalLine(errors()) });
      if (end.killed) told();
      else afterErrors(child, told);
    });
    child.once('error', () => settle({ kind: 'notStarted' }));
  });
  setReferenced(child, false);
  return {
    pid: child.pid,
    ended,
    send: (message: ToRunner) => {
      child.send(message, (error) => {
        // The channel of a child that has just died closes before its exit is known, and the exit says more.
        if (error !== null) setTimeout(() => events.onEnd({ kind: 'unreachable' }), EXIT_WAIT_MS);
      });
    },
    kill: () => {
      end.killed = true;
      killGroup(child);
      // The child keeps the event loop alive; otherwise Node would exit while the caller awaits the end.
      if (child.exitCode === null && child.signalCode === null) child.ref();
    },
    setBusy: (busy) => {
      setReferenced(child, busy);
    },
  };
}

function start({ entry, settings, env, inherits = [] }: ChildKind): ChildProcess {
  const inherited = [...INHERITED, ...inherits].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return fork(fileURLToPath(entry), [JSON.stringify(settings ?? {})], {
    execArgv: loaderArguments(entry),
    env: { ...Object.fromEntries(inherited), ...env },
    // With a process group of its own, killing the group also ends the helpers that the child runs.
    detached: true,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended, or the platform has no process groups.
    child.kill('SIGKILL');
  }
}

/** Reads standard error, so that a full pipe never blocks the child, and keeps its end. */
function keepErrors(child: ChildProcess): () => string {
  let kept = '';
  child.stderr?.on('error', () => undefined); // the exit reports the end
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    kept = (kept + text).slice(-KEPT_ERROR_LENGTH);
  });
  return () => kept;
}

/**
 * Waits for the rest of standard error, which may arrive after the exit, but not for a helper that holds the pipe open.
 */
function afterErrors(child: ChildProcess, then: () => void): void {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    then();
  };
  const timer = setTimeout(once, ERROR_WAIT_MS);
  child.once('close', once);
}

/** Returns the line of the runtime about a fatal error; anything else may quote the input. */
function fatalLine(errors: string): string | undefined {
  return /^FATAL ERROR: [^\r\n]{1,200}/m.exec(errors)?.[0];
}

function setReferenced(child: ChildProcess, busy: boolean): void {
  const pipe = child.stderr as Socket | null; // a pipe to a child is a socket
  for (const handle of [child, child.channel, pipe]) {
    if (busy) handle?.ref();
    else handle?.unref();
  }
}
