import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CanvasStart, JobHandle } from '../../client/index.ts';
import type { OnFailure } from '../../contracts/parked/vocabulary.ts';
import { starting, withServices, type CliContext } from '../terminal/context.ts';
import { readJsonFile } from '../terminal/json.ts';
import { CANVAS_BOUNDS } from '../../contracts/canvas/limits.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { note, print, printJson } from '../terminal/output.ts';
import { loaderArguments, moduleBeside } from '../../contracts/values/modules.ts';

/** Options of `perennial canvas run`. */
export interface CanvasOptions {
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly id?: string;
  readonly onFailure?: OnFailure;
  readonly parkedFor?: number;
}

/** `perennial canvas run`: starts the canvas in a file and, with `--wait`, prints its result. */
export async function runCanvasFile(context: CliContext, file: string, options: CanvasOptions): Promise<number> {
  const canvas = await readJsonFile(context, file, file, CANVAS_BOUNDS);
  return withServices(context, async ({ client }) => {
    const job = await starting(client.canvas.runJson(canvas, startOf(options)));
    return showStarted(context, job, options);
  });
}

/** Tells what was started and, with `--wait`, what it gives. */
export async function showStarted(
  context: CliContext,
  job: JobHandle<unknown>,
  options: CanvasOptions,
): Promise<number> {
  const { id = job.id } = options; // an id is answered as it was typed
  if (options.wait !== true) {
    if (options.json) printJson(context, { id });
    else print(context, `Started ${id}`);
    return exitCodes.ok;
  }
  note(context, `Started ${id}`);
  const result = await job.result({ signal: context.signal });
  printJson(context, options.json ? { id, result } : result);
  return exitCodes.ok;
}

/** Returns how a canvas is started. */
export function startOf({ id, onFailure, parkedFor }: CanvasOptions): CanvasStart {
  const park = { ...(onFailure === undefined ? {} : { onFailure }), ...(parkedFor === undefined ? {} : { parkedFor }) };
  return { id, ...park };
}

/** `perennial canvas result`: waits for a run and prints its result. */
export function canvasResult(context: CliContext, id: string): Promise<number> {
  return withServices(context, async ({ client }) => {
    printJson(context, (await client.canvas.get(id).result({ signal: context.signal })) ?? null);
    return exitCodes.ok;
  });
}

/** Options of `perennial conformance`. */
export interface ConformanceOptions {
  readonly local?: boolean;
  readonly concurrency?: string;
  readonly only?: string;
}

/**
 * `perennial conformance`: runs a file in a separate process, because production must not load the neutral tasks and
 * their worker.
 */
export async function conformance(context: CliContext, file: string, options: ConformanceOptions): Promise<number> {
  const entry = moduleBeside(import.meta.url, '../../conformance/main');
  const args = [
    ...[...loaderArguments(entry), fileURLToPath(entry), path.resolve(context.cwd, file)],
    ...(options.local ? ['--local'] : []),
    ...(options.concurrency === undefined ? [] : ['--concurrency', options.concurrency]),
    ...(options.only === undefined ? [] : ['--only', options.only]),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => void child.kill('SIGTERM');
  context.signal.addEventListener('abort', kill, { once: true });
  child.stdout.on('data', (chunk: Buffer) => context.stdout.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => context.stderr.write(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      context.signal.removeEventListener('abort', kill);
      resolve(code ?? exitCodes.interrupted);
    });
  });
}
