/** Uniqueness of `task_id`: calls with limits are separate runs named by it, so two calls with one id could not both run. */
import { InputFault } from '../../canvas/signature/fault.ts';
import { isRecord } from '../../canvas/signature/json.ts';
import { isSignature, kindOf, type Signature } from '../../canvas/signature/signature.ts';
import type { IsTurnOver, Turns } from '../../contracts/values/turns.ts';
import { findTask } from '../../contracts/register.schema.ts';
import type { RunCanvasInput } from '../../workflows/canvas/run-input.ts';

/**
 * Refuses a canvas in which two calls with limits have the same `task_id`.
 *
 * @param canvas - a valid canvas
 * @returns how many calls have an id
 * @throws InputFault with the path of the second one
 */
export function* requireOwnTaskIds(canvas: Signature, isTurnOver: IsTurnOver | undefined): Turns<number> {
  const seen = new Map<string, string>();
  let named = 0;
  for (const [call, path] of callsOf(canvas, 'canvas')) {
    if (isTurnOver?.() === true) yield;
    if (typeof call.options?.task_id === 'string') named += 1;
    note(call, path, seen);
  }
  return named;
}

/**
 * Refuses a canvas that names a `task_id`, for canvases that run again and again: the second run would take its calls for
 * those of the first.
 *
 * @param input - a valid canvas with the options that override its own
 * @throws InputFault with the path of the first one
 */
export function requireNoTaskIds(input: Pick<RunCanvasInput, 'canvas' | 'options'>): void {
  const { canvas, options = {} } = input;
  const overriding: Signature = { ...canvas, kwargs: {}, options };
  for (const [call, path] of [...callsOf(canvas, 'canvas'), ...callsOf(overriding, '')]) {
    const id = call.options?.task_id;
    if (typeof id !== 'string') continue;
    throw new InputFault(below(path, 'options.task_id'), 'no id, because every run needs ids of its own', `'${id}'`);
  }
}

/** Yields the ids that a canvas names. */
export function* taskIdsIn(canvas: Signature): Generator<string> {
  for (const [{ options }] of callsOf(canvas, '')) if (typeof options?.task_id === 'string') yield options.task_id;
}

/** Yields a signature and those inside it with their paths, in the order of the text. */
function* callsOf(first: Signature, at: string): Generator<readonly [Signature, string], void> {
  // An explicit stack replaces recursion, because a canvas may be a thousand levels deep.
  const waiting: (readonly [unknown, string])[] = [[first, at]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, path] = next;
    if (Array.isArray(value))
      waiting.push(...value.map((entry, n) => [entry, `${path}[${String(n)}]`] as const).reverse());
    else if (isSignature(value)) {
      yield [value, path];
      waiting.push(...partsOf(value, path).reverse());
    }
  }
}

function note(call: Signature, path: string, seen: Map<string, string>): void {
  const id = call.options?.task_id;
  if (typeof id !== 'string' || !isUnderLimits(call)) return;
  const at = below(path, 'options.task_id');
  const first = seen.get(id);
  if (first !== undefined)
    throw new InputFault(
      at,
      'an id of no other call of the canvas that has limits',
      `'${id}', which is that of ${first}`,
    );
  seen.set(id, at);
}

function isUnderLimits(call: Signature): boolean {
  if (kindOf(call) !== 'task') return false;
  const task = findTask(call.task);
  return (call.options?.limits ?? []).length > 0 || (task?.keyedLimits ?? []).length > 0;
}

/** Returns the nested signatures: members and callbacks. */
function partsOf({ kwargs, options, ...call }: Signature, path: string): (readonly [unknown, string])[] {
  const inside = kindOf(call) === 'task' ? [] : ['tasks', 'header', 'body', 'task'];
  const kept = isRecord(kwargs) ? inside.map((key) => [kwargs[key], below(path, `kwargs.${key}`)] as const) : [];
  const callbacks = ['link', 'link_error', 'compensate'].map(
    (key) => [options?.[key], below(path, `options.${key}`)] as const,
  );
  return [...kept, ...callbacks].filter(([value]) => value !== undefined);
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
