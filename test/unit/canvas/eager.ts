/** The engine over plain functions, as the reference has them; time passes at once. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'vitest';
import { type CanvasCall, type CanvasResult, runCanvas, runDetached, runPart } from '../../../canvas/engine/engine.ts';
import type { DetachedCanvas } from '../../../canvas/splitting/detached.ts';
import type { CanvasPart, PartRunner } from '../../../canvas/splitting/parts.ts';
import { parseSignature } from '../../../canvas/signature/parse.ts';
import { type EagerTask, ReplaceBy, runEagerly, TryAgain } from '../../../canvas/reference/evaluator.ts';
import type { CanvasRuntime } from '../../../canvas/engine/runtime.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import type { CallReply, CallRequest } from '../../../canvas/model/request.ts';

export interface RecordedCall {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

export interface EngineRun extends CanvasResult {
  readonly calls: readonly RecordedCall[];
  readonly requests: readonly CallRequest[];
  /** What was handed over to other runs. */
  readonly parts: readonly CanvasPart[];
}

/** What calls of a scope that was cancelled reject with. */
class Cancelled extends Error {}

const scopes = new AsyncLocalStorage<{ cancelled: boolean; readonly outer: unknown }>();

/** As in a workflow: what is called inside of the work belongs to its scope. */
export const scoped: NonNullable<CanvasRuntime['scoped']> = (work) => {
  const scope = { cancelled: false, outer: scopes.getStore() };
  return { done: scopes.run(scope, work), cancel: () => (scope.cancelled = true) };
};

/**
 * Stands where a call waits.
 *
 * @throws Cancelled in a scope that was cancelled, or is inside of one
 */
export function refuseCancelled(): void {
  for (let scope = scopes.getStore(); scope !== undefined; scope = scope.outer as typeof scope)
    if (scope.cancelled) throw new Cancelled('cancelled');
}

/** Runs a canvas through the engine; every other call yields before it ends, so that members overlap. */
export async function runEngine(
  canvas: Signature,
  tasks: Readonly<Record<string, EagerTask>>,
  call: CanvasCall = {},
  overrides: Partial<CanvasRuntime> = {},
  /** The weight that one run carries. @defaultValue any */
  weight?: number,
): Promise<EngineRun> {
  const parts: CanvasPart[] = [];
  const requests: CallRequest[] = [];
  const runtime: CanvasRuntime = {
    ...runtimeOver(tasks, requests),
    ...(weight === undefined
      ? {}
      : {
          partRunner: partsOf(
            () => runtime,
            weight,
            (part) => parts.push(part),
          ),
        }),
    ...overrides,
  };
  const result = await runCanvas(runtime, canvas, call);
  return { ...result, requests, parts, calls: requests.map(({ task, args, kwargs }) => ({ task, args, kwargs })) };
}

/** A runtime that notes its calls in `requests`. */
function runtimeOver(tasks: Readonly<Record<string, EagerTask>>, requests: CallRequest[]): CanvasRuntime {
  let ids = 0;
  let now = 0;
  return {
    scoped,
    call: async (request) => {
      refuseCancelled();
      requests.push(request);
      if (requests.length % 2 === 0) await Promise.resolve();
      return replyOf(tasks, request);
    },
    sleep: (ms) => {
      now += ms;
      return Promise.resolve();
    },
    now: () => now,
    newId: () => `id-${(ids += 1)}`,
    errbackStyle: () => 'payload',
  };
}

/** Keeps what a run detaches, as JSON. */
export function keepIn(kept: DetachedCanvas[]): NonNullable<CanvasRuntime['detach']> {
  return (canvas) => {
    kept.push(JSON.parse(JSON.stringify(canvas)) as DetachedCanvas);
    return Promise.resolve();
  };
}

/** Runs what a run has detached, as another workflow does; gives its calls. */
export async function runKept(
  kept: readonly DetachedCanvas[],
  tasks: Readonly<Record<string, EagerTask>>,
): Promise<readonly CallRequest[]> {
  const requests: CallRequest[] = [];
  await runDetached(runtimeOver(tasks, requests), kept);
  return requests;
}

/** Runs parts as other workflows do: what goes there and comes back is JSON, and each has an engine of its own. */
export function partsOf(runtime: () => CanvasRuntime, weight: number, seen?: (part: CanvasPart) => void): PartRunner {
  return {
    weight,
    run: async (part, beside) => {
      seen?.(part);
      const sent = JSON.parse(JSON.stringify(part)) as CanvasPart;
      await Promise.resolve();
      const { reply, rest } = runPart(runtime(), sent);
      beside(rest);
      return JSON.parse(JSON.stringify(await reply)) as Awaited<typeof reply>;
    },
  };
}

/** What a task gives, as the engine is told it. */
export async function replyOf(
  tasks: Readonly<Record<string, EagerTask>>,
  request: Pick<CallRequest, 'task' | 'args' | 'kwargs' | 'retries'>,
): Promise<CallReply> {
  const { task, args, kwargs, retries } = request;
  try {
    const body = tasks[task];
    if (body === undefined) throw new TypeError(`no task is named ${task}`);
    return { kind: 'done', value: (await body(args, kwargs, retries)) ?? null };
  } catch (error) {
    if (error instanceof ReplaceBy) return { kind: 'replace', canvas: error.canvas };
    if (!(error instanceof TryAgain)) return { kind: 'failed', failure: failureOf(error) };
    const { maxRetries, error: last } = error.again;
    const failure = last === undefined ? {} : { failure: failureOf(last) };
    return {
      kind: 'retry',
      countdown: 1,
      maxRetries,
      ...(error.again.args ? { args: error.again.args } : {}),
      ...failure,
    };
  }
}

function failureOf(error: unknown): { type: string; message: string } {
  return { type: 'Error', message: error instanceof Error ? error.message : String(error) };
}

/** A run by the engine to which the reference has to come as well: the same result, by the same calls. */
export async function runBoth(canvas: Signature, tasks: Readonly<Record<string, EagerTask>>): Promise<EngineRun> {
  const data = parseSignature(JSON.parse(JSON.stringify(canvas)));
  const engine = await runEngine(data, tasks);
  const reference = await runEagerly(data, tasks);
  expect(reference.result.ok).toBe(engine.outcome.ok);
  if (engine.outcome.ok) expect(reference.result).toEqual(engine.outcome);
  const names = (calls: readonly RecordedCall[]): readonly string[] => calls.map(({ task }) => task).sort();
  expect(names(reference.calls)).toEqual(names(engine.calls));
  return engine;
}
