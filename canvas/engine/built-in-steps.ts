/**
 * Built-in steps, which the engine decides from the value before them. Their
 * result is a canvas in their place, as when a task replaces itself: it takes
 * over their id, callbacks and place in a group or header.
 */
import { canvasSteps, MAP_LIMIT } from '../../contracts/canvas/steps.ts';
import { type Condition, holds } from '../signature/condition.ts';
import { ACCUMULATE } from '../plan/joined-groups.ts';
import { describe } from '../signature/fault.ts';
import { mergeOptions } from '../signature/options.ts';
import {
  isSignature,
  kindOf,
  optionsOf,
  type Signature,
  type SignatureOptions,
  tasksOf,
} from '../signature/signature.ts';
import type { CallReply, CallRequest } from '../model/request.ts';
import { isRecord } from '../signature/json.ts';
import { isMarked, marked, unmarkedOutput } from '../../contracts/values/sealed.ts';

/** The reply of a built-in step; `undefined` for any other call. */
export function builtInStep(request: CallRequest): CallReply | undefined {
  if (request.task === ACCUMULATE) return { kind: 'done', value: request.args[0] ?? null };
  if (request.task === canvasSteps.when) return choose(request);
  return request.task === canvasSteps.map ? spread(request) : undefined;
}

function choose({ args, kwargs, options }: CallRequest): CallReply {
  const { test, then, else: other } = kwargs;
  if (!isRecord(test)) return invalid(`test: expected a condition, got ${describe(test)}`);
  const branch = holds(test as unknown as Condition, unmarkedOutput(args[0])) ? then : other; // checked by the parser
  // Without an `else` the value goes on as it is.
  if (!isSignature(branch)) return { kind: 'done', value: args[0] ?? null };
  return { kind: 'replace', canvas: withInherited(branch, options), given: args };
}

function spread({ args, kwargs, options, path }: CallRequest): CallReply {
  const { task, limit = MAP_LIMIT.normal, join } = kwargs;
  const [given, ...rest] = args;
  const items = entriesOf(given);
  if (!isSignature(task)) return invalid(`task: expected a signature, got ${describe(task)}`);
  if (!Array.isArray(items)) return invalid(`${path}: expected a list from the step before it, got ${describe(items)}`);
  if (items.length > Number(limit))
    return invalid(`${path}: expected a list of at most ${Number(limit)}, got ${items.length}; raise its limit`);
  const template = withInherited(task, options);
  const header = items.map((item: unknown) => withArguments(template, [item, ...rest]));
  const chord = { header, body: { task: ACCUMULATE }, kwargs: {} };
  const joined = isRecord(join) ? { options: { join } as SignatureOptions } : {}; // checked by the parser
  return {
    kind: 'replace',
    canvas: { task: 'celery.chord', kwargs: chord, subtask_type: 'chord', ...joined },
    given: [],
  };
}

/** A sealed list goes on as sealed entries. */
function entriesOf(given: unknown): unknown {
  if (!isMarked(given)) return given;
  const items = unmarkedOutput(given);
  return Array.isArray(items) ? items.map(marked) : items;
}

function invalid(message: string): CallReply {
  return { kind: 'failed', failure: { type: 'InvalidInput', message } };
}

/** The step's options override those of what takes its place, as those of a group do; its delay has passed. */
function withInherited(
  signature: Signature,
  { countdown: _countdown, eta: _eta, ...options }: SignatureOptions,
): Signature {
  return { ...signature, options: mergeOptions(optionsOf(signature), options) };
}

/** The signature with arguments where those of a caller go: before those of its first calls. */
export function withArguments(signature: Signature, args: readonly unknown[]): Signature {
  if (signature.immutable === true) return signature;
  const kind = kindOf(signature);
  if (kind === 'task' || kind === 'chord') return { ...signature, args: [...args, ...(signature.args ?? [])] };
  if (kind !== 'chain' && kind !== 'group') return signature;
  const tasks = tasksOf(signature).map((one, index) =>
    kind === 'group' || index === 0 ? withArguments(one, args) : one,
  );
  return { ...signature, kwargs: { ...signature.kwargs, tasks } };
}
