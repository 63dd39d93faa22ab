/** Takes canvases of unknown origin: everything is checked before anything is started. */
import { CANVAS_DEPTH, CANVAS_VALUES } from '../../contracts/canvas/limits.ts';
import { canvasSteps } from '../../contracts/canvas/steps.ts';
import { at, type Check, describe, fault, pathOf, type Place, wanted } from './fault.ts';
import { checkJsonInTurns, type JsonLimits } from './json-check.ts';
import { checkJoin, memberCount } from './parse-join.ts';
import { checkOptions } from './parse-options.ts';
import { checkCompensation, checkStep, type StepChecks } from './parse-steps.ts';
import type { ParsePolicy } from './policy.ts';
import { kindOf, type Signature, type SignatureKind } from './signature.ts';
import { isRecord, isText } from './json.ts';
import { atOnce, type Turns } from '../../contracts/values/turns.ts';
import { withoutTypesInTurns } from './typed-values.ts';

/**
 * Limits unless the policy has others: a group of 100,000 calls with 30 values
 * and 400 characters each. A worker checks and plans that within the five
 * seconds that one decision may take. The depth is what neither a parser nor a
 * person needs more of.
 */
const CANVAS_LIMITS: JsonLimits = {
  depth: CANVAS_DEPTH,
  entries: 100_000,
  values: CANVAS_VALUES,
  characters: 40_000_000,
};

/**
 * Checks a value and gives it back as a signature. Nothing is renamed or filled
 * in, so `JSON.stringify` of the result is the input, apart from values that
 * kombu writes with their type: they become plain text.
 *
 * @throws InputFault with the path of the fault, what was expected and what came
 */
export function parseSignature(value: unknown, policy: ParsePolicy = {}): Signature {
  return atOnce(parseSignatureInTurns(value, policy));
}

/** As {@link parseSignature}, with the pauses that the policy asks for. */
export function* parseSignatureInTurns(value: unknown, policy: ParsePolicy): Turns<Signature> {
  const place = { parent: undefined, key: 'canvas' };
  yield* checkJsonInTurns(value, 'canvas', { ...CANVAS_LIMITS, ...policy.limits }, policy.isTurnOver);
  const plain = yield* withoutTypesInTurns(value, place, policy.isTurnOver);
  yield* checkSignature(plain, place, policy);
  return plain as Signature; // checked just now, field by field
}

/** What is given at the start of a run. */
interface StartOfRun {
  readonly args?: unknown;
  readonly kwargs?: unknown;
  readonly options?: unknown;
}

/**
 * Checks what is given at the start of a run; options by the rules of those in
 * the canvas, for which they stand in. Typed values become plain, as in the canvas.
 *
 * @param signature - the canvas, checked already
 * @throws InputFault with the path of the fault, such as `options.countdown`
 */
export function parseCall<Call extends StartOfRun>(signature: Signature, call: Call, policy: ParsePolicy = {}): Call {
  return atOnce(parseCallInTurns(signature, call, policy));
}

/** As {@link parseCall}, with the pauses that the policy asks for. */
export function* parseCallInTurns<Call extends StartOfRun>(
  signature: Signature,
  call: Call,
  policy: ParsePolicy,
): Turns<Call> {
  const plain: { -readonly [K in keyof StartOfRun]: unknown } = { ...call };
  for (const key of ['args', 'kwargs', 'options'] as const) {
    if (call[key] === undefined) continue;
    yield* checkJsonInTurns(call[key], key, { ...CANVAS_LIMITS, ...policy.limits }, policy.isTurnOver);
    plain[key] = yield* withoutTypesInTurns(call[key], { parent: undefined, key }, policy.isTurnOver);
  }
  yield* checkCallOptions(signature, plain.options, policy);
  return plain as Call; // of the same form
}

function* checkCallOptions(signature: Signature, options: unknown, policy: ParsePolicy): Turns {
  if (options === undefined) return;
  const place = { parent: undefined, key: 'options' };
  if (!isRecord(options)) throw fault(place, 'an object', describe(options));
  yield* checkOptions(options, place, policy, checkSignature);
  yield* checkOwnOptions({ ...signature, options }, place, policy);
}

const FIELDS: ReadonlySet<string> = new Set([
  'task',
  'args',
  'kwargs',
  'options',
  'subtask_type',
  'immutable',
  'chord_size',
]);

/** Fields may be left out, except the task. */
const checkField: Readonly<Record<string, Check>> = {
  task: wanted(
    'the name of a task, at most 255 characters',
    (value) => isText(value) && value !== '' && value.length <= 255,
  ),
  args: wanted('a list', (value) => value === undefined || Array.isArray(value)),
  kwargs: wanted('an object', (value) => value === undefined || isRecord(value)),
  options: wanted('an object', (value) => value === undefined || isRecord(value)),
  subtask_type: wanted('text or null', (value) => value === undefined || value === null || isText(value)),
  immutable: wanted('true or false', (value) => value === undefined || typeof value === 'boolean'),
};

/** Recursion is safe here: the depth has been checked. */
function* checkSignature(value: unknown, place: Place, policy: ParsePolicy): Turns {
  if (policy.isTurnOver?.() === true) yield;
  if (!isRecord(value)) throw fault(place, 'a signature, as Celery writes it', describe(value));
  for (const key of Object.keys(value))
    if (!FIELDS.has(key))
      throw fault(at(place, key), `no such field (${[...FIELDS].join(', ')})`, describe(value[key]));
  for (const [name, check] of Object.entries(checkField)) check(value[name], at(place, name));
  const { task, kwargs = {}, options = {}, subtask_type: type } = value as unknown as Signature; // checked just now
  yield* checkOptions(options, at(place, 'options'), policy, checkSignature);
  yield* checkParts[kindOf({ task, ...(type === undefined ? {} : { subtask_type: type }) })](
    kwargs,
    at(place, 'kwargs'),
    policy,
    task,
  );
  checkPipeline(value as unknown as Signature, at(place, 'kwargs'), policy);
  yield* checkOwnOptions(value as unknown as Signature, at(place, 'options'), policy);
}

function checkPipeline({ task, immutable, kwargs = {} }: Signature, place: Place, policy: ParsePolicy): void {
  if (task !== canvasSteps.pipeline || immutable !== true) return;
  policy.checkPipelineInput?.(String(kwargs['name']), kwargs['input'], pathOf(at(place, 'input')));
}

const UNCOMPENSATED_UNDO = 'none for what undoes';

/** Options that Celery does not have; checked after the members, because these are counted. */
function* checkOwnOptions(signature: Signature, place: Place, policy: ParsePolicy): Turns {
  const { join = null, compensate = null } = signature.options ?? {};
  if (join !== null) checkJoin(join, memberCount(signature), at(place, 'join'));
  if (compensate === null) return;
  const { uncompensated } = policy;
  if (uncompensated !== undefined) throw fault(at(place, 'compensate'), uncompensated, describe(compensate));
  const inside = stepChecks({ ...policy, uncompensated: UNCOMPENSATED_UNDO });
  yield* checkCompensation(compensate, kindOf(signature) === 'task', at(place, 'compensate'), inside);
}

function stepChecks(policy: ParsePolicy): StepChecks {
  return { signature: (value, place) => checkSignature(value, place, policy), knowsPipeline: policy.knowsPipeline };
}

type CheckParts = (kwargs: Readonly<Record<string, unknown>>, place: Place, policy: ParsePolicy, task: string) => Turns;

const checkTasks: CheckParts = ({ tasks }, place, policy) => checkList(tasks, at(place, 'tasks'), policy);

const checkMap: CheckParts = function* ({ task, it, n }, place, policy, name) {
  if (typeof task !== 'string') yield* checkSignature(task, at(place, 'task'), policy);
  else checkName(task, at(place, 'task'), policy);
  if (!Array.isArray(it)) throw fault(at(place, 'it'), 'a list of items', describe(it));
  if (name === 'celery.starmap' || name === 'celery.chunks') checkRows(it, at(place, 'it'));
  if (name === 'celery.chunks' && (!Number.isInteger(n) || Number(n) < 1))
    throw fault(at(place, 'n'), 'a whole number of at least 1', describe(n));
};

const checkParts: Readonly<Record<SignatureKind, CheckParts>> = {
  *task(kwargs, place, policy, task) {
    const isStep = yield* checkStep(task, kwargs, place, stepChecks(policy));
    if (!isStep) checkName(task, at(place.parent ?? place, 'task'), policy);
  },
  chain: checkTasks,
  group: checkTasks,
  *chord({ header, body, kwargs }, place, policy) {
    if (Array.isArray(header)) yield* checkList(header, at(place, 'header'), policy);
    else yield* checkSignature(header, at(place, 'header'), policy);
    yield* checkSignature(body, at(place, 'body'), policy);
    if (kwargs !== undefined && kwargs !== null && !isRecord(kwargs))
      throw fault(at(place, 'kwargs'), 'an object', describe(kwargs));
  },
  map: checkMap,
  starmap: checkMap,
  chunks: checkMap,
};

function checkRows(rows: readonly unknown[], place: Place): void {
  for (const [index, row] of rows.entries())
    if (!Array.isArray(row)) throw fault(at(place, index), 'a list of arguments', describe(row));
}

function* checkList(value: unknown, place: Place, policy: ParsePolicy): Turns {
  if (!Array.isArray(value)) throw fault(place, 'a list of signatures', describe(value));
  for (const [index, entry] of value.entries()) yield* checkSignature(entry, at(place, index), policy);
}

function checkName(name: string, place: Place, { knowsTask }: ParsePolicy): void {
  if (knowsTask !== undefined && !knowsTask(name))
    throw fault(place, 'the name of a task of the catalogue', describe(name));
}
