import type { Signature } from '../canvas/signature/signature.ts';
import { ArityError, bindArguments, takesRequest } from './arguments.ts';
import { neutralTasks } from './tasks.ts';
import { logText, textOf } from './values.ts';
import { type LogStore, type Request, Signal, TaskError } from './world.ts';
import type { CallReply, CallRequest } from '../canvas/model/request.ts';
import { SECOND_MS } from '../contracts/values/units.ts';

/** Returns how Celery calls a neutral task as an error callback. */
export function errbackStyle(task: string): 'inline' | 'task' {
  const known = neutralTasks.get(task);
  return known !== undefined && takesRequest(known.header) ? 'inline' : 'task';
}

/** All error callbacks of the inline kind. */
export const inlineErrbacks: readonly string[] = [...neutralTasks.keys()].filter(
  (name) => errbackStyle(name) === 'inline',
);

/** Runs one attempt. It never throws: an error is part of the reply. */
export async function perform(call: CallRequest, log: LogStore): Promise<CallReply> {
  const task = neutralTasks.get(call.task);
  if (task === undefined) return failed('NotRegistered', call.task);
  const spawned: Signature[] = [];
  const added: Signature[] = [];
  const request: Request = {
    call,
    log: (key, value) => log.append(textOf(key), logText(value)),
    wait: waitWithin(call),
    spawn: (canvas) => spawned.push(canvas),
    addToChord: (canvas) => added.push(canvas),
  };
  const effects = { spawn: spawned, addToChord: added };
  try {
    const bound = bindArguments(task.header, call.args, call.kwargs);
    // Items of a map and inline error callbacks run inside another task, so they do not count as runs.
    if (call.inline === null) log.count(call.task);
    const body = Promise.resolve().then(() => task.body(bound, request));
    return { kind: 'done', value: (await withinHardLimit(call, body)) ?? null, ...effects };
  } catch (error) {
    if (error instanceof Signal) return { ...error.reply, ...effects };
    if (error instanceof ArityError) return failed('TypeError', error.message);
    if (error instanceof TaskError) return { ...failed(error.type, error.message), ...effects };
    return failed('RuntimeError', error instanceof Error ? error.message : String(error));
  }
}

function failed(type: string, message: string): CallReply {
  return { kind: 'failed', failure: { type, message } };
}

function waitWithin({ options }: CallRequest): Request['wait'] {
  const started = Date.now();
  return async (ms) => {
    const left = (options.soft_time_limit ?? Number.POSITIVE_INFINITY) * SECOND_MS - (Date.now() - started);
    await sleep(Math.max(0, Math.min(ms, left)));
    if (ms > left) throw new TaskError('SoftTimeLimitExceeded', 'SoftTimeLimitExceeded()');
  };
}

async function withinHardLimit({ options }: CallRequest, body: Promise<unknown>): Promise<unknown> {
  const limit = options.time_limit;
  if (limit === undefined || limit === null) return body;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new TaskError('TimeLimitExceeded', `TimeLimitExceeded(${limit},)`));
    }, limit * SECOND_MS);
  });
  try {
    return await Promise.race([body, over]);
  } finally {
    clearTimeout(timer);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
