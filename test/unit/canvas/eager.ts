/** The engine over plain functions, as the reference has them; time passes at once. */
import { type CanvasCall, type CanvasResult, runCanvas } from '../../../canvas/engine.ts';
import { type EagerTask, ReplaceBy, TryAgain } from '../../../canvas/reference.ts';
import type { CallReply, CallRequest, CanvasRuntime } from '../../../canvas/runtime.ts';
import type { Signature } from '../../../canvas/signature.ts';

export interface RecordedCall {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

export interface EngineRun extends CanvasResult {
  readonly calls: readonly RecordedCall[];
  readonly requests: readonly CallRequest[];
}

/** Runs a canvas through the engine; every other call yields before it ends, so that members overlap. */
export async function runEngine(
  canvas: Signature,
  tasks: Readonly<Record<string, EagerTask>>,
  call: CanvasCall = {},
  overrides: Partial<CanvasRuntime> = {},
): Promise<EngineRun> {
  const requests: CallRequest[] = [];
  let ids = 0;
  let now = 0;
  const runtime: CanvasRuntime = {
    call: async (request) => {
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
    ...overrides,
  };
  const result = await runCanvas(runtime, canvas, call);
  return { ...result, requests, calls: requests.map(({ task, args, kwargs }) => ({ task, args, kwargs })) };
}

async function replyOf(tasks: Readonly<Record<string, EagerTask>>, request: CallRequest): Promise<CallReply> {
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
