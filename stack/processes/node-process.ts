/** A supervised process of ours: an entry file, run by tsx, that answers on a health address. */
import { fileURLToPath } from 'node:url';
import { keepRunning, type ManagedProcess } from './managed-process.ts';
import { startProcess } from './process-handle.ts';
import { tail } from '../state.ts';

/** What {@link keepNodeProcess} needs. */
export interface NodeProcessOptions {
  readonly name: string;
  /** TypeScript file. */
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  /** Options of Node for this process alone. @defaultValue none */
  readonly flags?: readonly string[];
  readonly logFile: string;
  /** Answers with 200 when the process does its work. */
  readonly readyUrl: string;
  /** Answers with 200 unless the process must be started again. */
  readonly liveUrl: string;
  /** How long it may take to end, in milliseconds. */
  readonly graceMs: number;
  /** The longest pause before it is started again, in milliseconds. @defaultValue 30,000 */
  readonly longestPauseMs?: number | undefined;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** As in scripts/run.mjs: V8 would let garbage grow to 256 MB before it first looks at old objects. */
const COLLECT_EARLY = '--initial-old-space-size=64';
const READY_TIMEOUT_MS = 120_000;
/** Readiness asks servers, liveness nobody. */
const READY_LOOK_MS = 5_000;
const LIVE_LOOK_MS = 3_000;
const TSX = import.meta.resolve('tsx');
const FOLLOW_PARENT = fileURLToPath(new URL('follow-parent.ts', import.meta.url));

/** Starts an entry file and keeps it running. It ends by itself when we are killed. */
export function keepNodeProcess({
  entry,
  env,
  flags = [],
  readyUrl,
  liveUrl,
  logFile,
  ...options
}: NodeProcessOptions): Promise<ManagedProcess> {
  const args = [COLLECT_EARLY, ...flags, '--import', TSX, FOLLOW_PARENT, entry];
  return keepRunning({
    ...options,
    start: () => startProcess({ file: process.execPath, args, env, logFile, channel: true }),
    isReady: () => answersWell(readyUrl, READY_LOOK_MS),
    isAlive: () => answersWell(liveUrl, LIVE_LOOK_MS),
    readyTimeoutMs: READY_TIMEOUT_MS,
    lastWords: () => tail(logFile),
  });
}

async function answersWell(url: string, timeoutMs: number): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  await response.body?.cancel();
  return response.ok;
}
