/** Runs cases and records their results in the format of the scorer. */
import { randomBytes } from 'node:crypto';
import { type CanvasCall, type CanvasResult, runCanvas } from '../canvas/engine/engine.ts';
import { parseSignature } from '../canvas/signature/parse.ts';
import type { Signature } from '../canvas/signature/signature.ts';
import { createLocalRuntime } from './local.ts';
import { createMemoryLog, type MemoryLog } from './world.ts';

/** A case: a canvas and how it is called. The scorer holds the expected result. */
export interface Case {
  readonly id: string;
  readonly canvas: unknown;
  readonly apply?: CanvasCall;
}

/** The result of one case. */
export interface Observation {
  readonly get:
    | { readonly value: unknown }
    | { readonly raises: { readonly exc_type: string; readonly exc_message: string } }
    | { readonly timeout: true };
  readonly logs: Readonly<Record<string, readonly string[]>>;
  readonly executed: Readonly<Record<string, number>>;
  readonly elapsed_ms: number;
  readonly result_id: string | null;
  /** The token that replaces `@RUN@`. */
  readonly run: string;
}

/** Runs one canvas in some environment; `token` names the run. */
export type RunCanvas = (token: string, canvas: Signature, call: CanvasCall, log: MemoryLog) => Promise<CanvasResult>;

/** Runs a canvas in this process. */
export const runLocally: RunCanvas = (_token, canvas, call, log) => runCanvas(createLocalRuntime(log), canvas, call);

/** Runs one case with its own keys and ids. */
export async function observe(given: Case, run: RunCanvas): Promise<Observation> {
  const token = `r${randomBytes(6).toString('hex')}`;
  const own = JSON.parse(JSON.stringify(given).replaceAll('@RUN@', token)) as Case; // the same shape, other texts
  const log = createMemoryLog();
  const started = performance.now();
  const result = await outcomeOf(() =>
    run(token, parseSignature(own.canvas, { timing: 'lenient' }), own.apply ?? {}, log),
  );
  return {
    get: getOf(result),
    logs: log.logs,
    executed: log.executed,
    elapsed_ms: Math.round(performance.now() - started),
    result_id: result.id,
    run: token,
  };
}

async function outcomeOf(run: () => Promise<CanvasResult>): Promise<CanvasResult> {
  try {
    return await run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { outcome: { ok: false, failure: { type: 'InvalidInput', message } }, id: null };
  }
}

function getOf({ outcome }: CanvasResult): Observation['get'] {
  if (outcome.ok) return { value: outcome.value };
  return { raises: { exc_type: outcome.failure.type, exc_message: outcome.failure.message } };
}

/** Runs cases concurrently and returns their results by id. */
export async function observeAll(
  cases: readonly Case[],
  run: RunCanvas,
  concurrency: number,
): Promise<Readonly<Record<string, Observation>>> {
  const observations: Record<string, Observation> = {};
  const waiting = [...cases];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      observations[next.id] = await observe(next, run);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return observations;
}
