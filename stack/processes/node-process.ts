/** A supervised Node process: an entry file that has a health server. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSource, loaderArguments, moduleBeside } from '../../contracts/values/modules.ts';
import { keepRunning, type ManagedProcess } from './managed-process.ts';
import { startProcess } from './process-handle.ts';
import { compiledDir } from '../product.ts';
import { tail } from '../state.ts';

/** Options of {@link keepNodeProcess}. */
export interface NodeProcessOptions {
  readonly name: string;
  /** Module to run, from source or compiled. */
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  /** Options of Node for this process alone. @defaultValue none */
  readonly flags?: readonly string[];
  readonly logFile: string;
  /** URL that answers with 200 when the process is ready. */
  readonly readyUrl: string;
  /** URL that answers with 200 unless the process must be restarted. */
  readonly liveUrl: string;
  /** Grace period for its end, in milliseconds. */
  readonly graceMs: number;
  /** Longest pause before a restart, in milliseconds. @defaultValue 30,000 */
  readonly longestPauseMs?: number | undefined;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The same flag as in scripts/run.mjs; by default, V8 lets garbage grow to 256 MB before it first collects old objects. */
const COLLECT_EARLY = '--initial-old-space-size=64';
const READY_TIMEOUT_MS = 120_000;
/** Timeouts of health checks, in milliseconds; readiness takes longer, because it checks servers. */
const READY_LOOK_MS = 5_000;
const LIVE_LOOK_MS = 3_000;

/** Starts an entry file and keeps it running; the process ends by itself when the supervisor is killed. */
export function keepNodeProcess({
  entry,
  env,
  flags = [],
  readyUrl,
  liveUrl,
  logFile,
  ...options
}: NodeProcessOptions): Promise<ManagedProcess> {
  const args = [COLLECT_EARLY, ...flags, ...loaderArguments(entry), followParent(entry), entry];
  return keepRunning({
    ...options,
    start: () => startProcess({ file: process.execPath, args, env, logFile, channel: true }),
    isReady: () => answersWell(readyUrl, READY_LOOK_MS),
    isAlive: () => answersWell(liveUrl, LIVE_LOOK_MS),
    readyTimeoutMs: READY_TIMEOUT_MS,
    lastWords: () => tail(logFile),
  });
}

/** The module that runs an entry file, in the form in which that can be loaded. */
function followParent(entry: string): string {
  return isSource(entry)
    ? fileURLToPath(moduleBeside(import.meta.url, './follow-parent'))
    : path.join(compiledDir, 'stack/processes/follow-parent.js');
}

async function answersWell(url: string, timeoutMs: number): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  await response.body?.cancel();
  return response.ok;
}
