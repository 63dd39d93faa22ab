/** Checks the steps that are no tasks, and the option `compensate`. */
import {
  APPROVAL_TIMEOUTS,
  canvasSteps,
  type CanvasStep,
  isCanvasStep,
  LONGEST_APPROVAL,
  MAP_LIMIT,
} from '../../contracts/canvas/steps.ts';
import { TESTS } from './condition.ts';
import { at, describe, fault, type Place } from './fault.ts';
import { checkJoin } from './parse-join.ts';
import type { Signature } from './signature.ts';
import { isRecord, isText } from './json.ts';
import type { Turns } from '../../contracts/values/turns.ts';

/** What the checks need of the parser. */
export interface StepChecks {
  /** Checks a signature inside of the step. */
  readonly signature: (value: unknown, place: Place) => Turns;
  /** Says whether a pipeline may be started by a canvas. @defaultValue any name */
  readonly knowsPipeline?: ((name: string) => boolean) | undefined;
}

type Kwargs = Readonly<Record<string, unknown>>;
type CheckStep = (kwargs: Kwargs, place: Place, checks: StepChecks) => Iterable<undefined>;

const FIELDS: Readonly<Record<CanvasStep, readonly string[]>> = {
  [canvasSteps.when]: ['test', 'then', 'else'],
  [canvasSteps.map]: ['task', 'limit', 'join'],
  [canvasSteps.approval]: ['message', 'timeout', 'onTimeout', 'gives'],
  [canvasSteps.pipeline]: ['name', 'input'],
};

const given = (value: unknown): boolean => value !== undefined && value !== null;

const steps: Readonly<Record<CanvasStep, CheckStep>> = {
  *[canvasSteps.when]({ test, then, else: other }, place, { signature }) {
    checkTest(test, at(place, 'test'));
    yield* signature(then, at(place, 'then'));
    if (given(other)) yield* signature(other, at(place, 'else'));
  },
  *[canvasSteps.map]({ task, limit, join }, place, { signature }) {
    yield* signature(task, at(place, 'task'));
    const { options = {} } = task as Signature; // checked just now
    if (given(options.task_id))
      throw fault(
        at(at(at(place, 'task'), 'options'), 'task_id'),
        'none: each entry is a call with an id of its own',
        describe(options.task_id),
      );
    const { most } = MAP_LIMIT;
    const isLimit = (value: unknown): boolean => Number.isInteger(value) && isNumber(value, { from: 1, to: most });
    want(limit, isLimit, `a whole number from 1 to ${most}`, at(place, 'limit'));
    if (given(join)) checkJoin(join, Number.POSITIVE_INFINITY, at(place, 'join'));
  },
  [canvasSteps.approval]: checkApproval,
  [canvasSteps.pipeline]: ({ name }, place, { knowsPipeline }) => {
    if (!isText(name) || name === '') throw fault(at(place, 'name'), 'the name of a pipeline', describe(name));
    if (knowsPipeline !== undefined && !knowsPipeline(name))
      throw fault(at(place, 'name'), 'a pipeline that a canvas may start', describe(name));
    return []; // no signature is inside
  },
};

/** Checks a step by its name; `false` for the name of a task. Names that begin with `perennial.` are reserved. */
export function* checkStep(name: string, kwargs: Kwargs, place: Place, checks: StepChecks): Turns<boolean> {
  if (!isCanvasStep(name)) {
    if (name.startsWith('perennial.'))
      throw fault(at(place.parent ?? place, 'task'), Object.values(canvasSteps).join(', '), describe(name));
    return false;
  }
  for (const field of Object.keys(kwargs))
    if (!FIELDS[name].includes(field))
      throw fault(at(place, field), `no such field (${FIELDS[name].join(', ')})`, describe(kwargs[field]));
  yield* steps[name](kwargs, place, checks);
  return true;
}

/** Only single calls have a compensation. */
export function* checkCompensation(undo: unknown, single: boolean, place: Place, { signature }: StepChecks): Turns {
  if (!single) throw fault(place, 'no compensation here: single calls have one each', describe(undo));
  yield* signature(undo, place);
}

/** Refuses a value that is given and is not as expected. */
function want(value: unknown, holds: (value: unknown) => boolean, expected: string, place: Place): void {
  if (given(value) && !holds(value)) throw fault(place, expected, describe(value));
}

function isNumber(value: unknown, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return typeof value === 'number' && value >= from && value <= to;
}

const isMessage = (value: unknown): boolean => isText(value) && value.length <= 500;
const isTimeout = (value: unknown): boolean => value !== 0 && isNumber(value, { from: 0, to: LONGEST_APPROVAL });
const isOutcome = (value: unknown): boolean => (APPROVAL_TIMEOUTS as readonly unknown[]).includes(value);

function* checkApproval(
  { message, timeout, onTimeout, gives }: Kwargs,
  place: Place,
  { signature }: StepChecks,
): Turns {
  want(message, isMessage, 'text of at most 500 characters', at(place, 'message'));
  want(timeout, isTimeout, `seconds, more than 0 and at most ${LONGEST_APPROVAL}`, at(place, 'timeout'));
  want(gives, (value) => value === 'value' || value === 'decision', 'value or decision', at(place, 'gives'));
  if (!given(onTimeout)) return;
  if (!given(timeout)) throw fault(at(place, 'timeout'), 'seconds, because of onTimeout', describe(timeout));
  if (isRecord(onTimeout)) yield* signature(onTimeout, at(place, 'onTimeout'));
  else want(onTimeout, isOutcome, `${APPROVAL_TIMEOUTS.join(', ')} or a signature`, at(place, 'onTimeout'));
}

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isComparable = (value: unknown): boolean => typeof value === 'number' || isText(value);
const isKey = (key: unknown): boolean => isText(key) || (Number.isInteger(key) && Number(key) >= 0);
const isPath = (path: unknown): boolean => isText(path) || (Array.isArray(path) && path.every(isKey));

function checkTest(test: unknown, place: Place): void {
  if (!isRecord(test)) throw fault(place, 'a condition, for example {"path": "total", "greater": 100}', describe(test));
  const { path, ...rest } = test;
  const [name = '', ...more] = Object.keys(rest);
  if (more.length > 0 || !(TESTS as readonly string[]).includes(name))
    throw fault(place, `path and one of ${TESTS.join(', ')}`, describe(Object.keys(test).join(', ')));
  want(path, isPath, 'text such as "total.amount", or a list of keys', at(place, 'path'));
  checkWanted(name, rest[name], at(place, name));
}

function checkWanted(name: string, wanted: unknown, place: Place): void {
  if (name === 'equals' || name === 'notEquals') return;
  const [holds, expected] =
    name === 'exists' || name === 'truthy'
      ? ([isBoolean, 'true or false'] as const)
      : ([isComparable, 'a number or text'] as const);
  if (!holds(wanted)) throw fault(place, expected, describe(wanted));
}
