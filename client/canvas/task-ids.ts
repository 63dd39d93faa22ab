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

/** Collects the ids that a canvas names, and that of the canvas as a whole. */
export function* taskIdsIn(
  { canvas, options }: Pick<RunCanvasInput, 'canvas' | 'options'>,
  isTurnOver: IsTurnOver | undefined,
): Turns<readonly string[]> {
  const ids: string[] = [];
  for (const [call] of callsOf(canvas, '')) {
    if (isTurnOver?.() === true) yield;
    if (typeof call.options?.task_id === 'string') ids.push(call.options.task_id);
  }
  const whole = options?.task_id;
  return typeof whole === 'string' ? [...ids, whole] : ids;
}

/** Values that are still to be looked at, with the function that tells the path of each. */
interface Level {
  readonly values: readonly unknown[];
  readonly pathOf: (index: number) => string;
  next: number;
}

/** Yields a signature and those inside it with their paths, in the order of the text. */
function* callsOf(first: Signature, at: string): Generator<readonly [Signature, string], void> {
  // An explicit stack replaces recursion, because a canvas may be a thousand levels deep. Members are taken one by one, so
  // that a hundred thousand of them do not hold up whoever pauses between two.
  const levels: Level[] = [{ values: [first], pathOf: () => at, next: 0 }];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const index = level.next++;
    if (index >= level.values.length) {
      levels.pop();
      continue;
    }
    const [value, path] = [level.values[index], level.pathOf(index)];
    if (Array.isArray(value))
      levels.push({ values: value as readonly unknown[], pathOf: (n) => `${path}[${String(n)}]`, next: 0 });
    else if (isSignature(value)) {
      yield [value, path];
      const parts = partsOf(value, path);
      const paths = parts.map(([, one]) => one);
      levels.push({ values: parts.map(([one]) => one), pathOf: (n) => paths[n] ?? path, next: 0 });
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
