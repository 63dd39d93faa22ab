/** Refuses a canvas with a step that cannot take what the step before it gives, as the types of the builders do. */
import { at, fault, type Place } from '../../canvas/signature/fault.ts';
import {
  chordOf,
  kindOf,
  type Signature,
  type SignatureKind,
  signatureList,
  tasksOf,
} from '../../canvas/signature/signature.ts';
import type { AnyTask } from '../../contracts/catalogue.ts';
import { languageName } from '../../contracts/queues/languages.ts';
import { findTask, isQueue, queueOf, schemasOf } from '../../contracts/register.schema.ts';
import type { IsTurnOver, Turns } from '../../contracts/values/turns.ts';
import { misfit, type Shape, shapeOfSchema } from './shapes.ts';

/** What is known of a value; `undefined` when nothing is. */
type Known = Shape | undefined;

/** A signature, where it stands, and what the step before it gives. */
interface Step {
  readonly signature: Signature;
  readonly place: Place;
  readonly before: Known;
}

/**
 * Refuses a canvas whose steps cannot fit. What is not known, such as the result of a task that may put a canvas in its
 * place, counts as fitting.
 *
 * @param signature - a valid canvas
 * @throws InputFault with the path of the step that cannot take what it is given
 */
export function* requireFitting(signature: Signature, isTurnOver: IsTurnOver | undefined): Turns {
  yield* giveOf({ signature, place: { parent: undefined, key: 'canvas' }, before: undefined }, isTurnOver);
}

type Walk = (step: Step, isTurnOver: IsTurnOver | undefined) => Turns<Known>;

/** Checks a signature and returns what it gives. Recursion is safe: the depth of a valid canvas is limited. */
function* giveOf(step: Step, isTurnOver: IsTurnOver | undefined): Turns<Known> {
  if (isTurnOver?.() === true) yield;
  const { signature, place } = step;
  const kind = kindOf(signature);
  if (kind === 'task') {
    requireServed(step);
    requireTaken(step);
  }
  const shape = kind === 'task' ? outputOf(signature) : yield* WALKS[kind](step, isTurnOver);
  for (const link of signatureList(signature.options?.link))
    yield* giveOf({ signature: link, place: at(at(place, 'options'), 'link'), before: shape }, isTurnOver);
  return shape;
}

/** Only workers of its language have the body of a task. */
function requireServed({ signature: { task: name, options }, place }: Step): void {
  const [task, queue] = [findTask(name), options?.queue];
  if (task === undefined || typeof queue !== 'string' || !isQueue(queue)) return;
  if (queueOf(queue).language === task.language) return;
  const expected = `a queue that workers in ${languageName(task.language)} serve`;
  throw fault(at(at(place, 'options'), 'queue'), expected, `'${queue}'`);
}

const WALKS: Readonly<Record<Exclude<SignatureKind, 'task'>, Walk>> = {
  chain: chainGives,
  group: groupGives,
  chord: chordGives,
  map: listGives,
  starmap: listGives,
  chunks: listGives,
};

function* chainGives({ signature, place, before }: Step, isTurnOver: IsTurnOver | undefined): Turns<Known> {
  let shape = before;
  for (const [index, step] of tasksOf(signature).entries())
    shape = yield* giveOf({ signature: step, place: inside(place, 'tasks', index), before: shape }, isTurnOver);
  return shape;
}

function* groupGives({ signature, place, before }: Step, isTurnOver: IsTurnOver | undefined): Turns<Known> {
  return yield* membersGive(tasksOf(signature), at(at(place, 'kwargs'), 'tasks'), { signature, before }, isTurnOver);
}

function* chordGives({ signature, place, before }: Step, isTurnOver: IsTurnOver | undefined): Turns<Known> {
  const { header, body } = chordOf(signature);
  const results = yield* membersGive(header, at(at(place, 'kwargs'), 'header'), { signature, before }, isTurnOver);
  if (body === undefined) return undefined;
  return yield* giveOf({ signature: body, place: at(at(place, 'kwargs'), 'body'), before: results }, isTurnOver);
}

function* listGives(): Turns<Known> {
  yield;
  return LIST;
}

const LIST: Shape = { kinds: new Set(['array'] as const) };

/** A join policy gives other values than all in order, and groups among the members may be flattened. */
function* membersGive(
  members: readonly Signature[],
  place: Place,
  { signature, before }: Pick<Step, 'signature' | 'before'>,
  isTurnOver: IsTurnOver | undefined,
): Turns<Known> {
  const entries: Known[] = [];
  for (const [index, member] of members.entries())
    entries.push(yield* giveOf({ signature: member, place: at(place, index), before }, isTurnOver));
  const policy = signature.options?.join?.policy ?? 'failFast';
  const plain = policy === 'failFast' && members.every((member) => kindOf(member) === 'task');
  return plain ? { ...LIST, entries } : LIST;
}

function inside(place: Place, key: string, index: number): Place {
  return at(at(at(place, 'kwargs'), key), index);
}

/** Refuses a call that cannot take what the step before it gives. */
function requireTaken({ signature, place, before }: Step): void {
  if (before === undefined || signature.immutable === true) return;
  const task = findTask(signature.task);
  if (task === undefined) return;
  const { field, shape } = takenBy(task, signature);
  const found = misfit(before, shape);
  if (found === undefined) return;
  const where = [field, found.path].filter((part) => part !== '').join(found.path.startsWith('[') ? '' : '.');
  throw fault(
    place,
    `a step before ${task.name} that gives ${found.expected}${where === '' ? '' : ` for ${where}`}`,
    `one that gives ${found.got}`,
  );
}

/** Which part of its input a call takes from the step before it: a field, or the whole input. */
function takenBy(
  task: AnyTask,
  { args = [], kwargs = {} }: Signature,
): { readonly field: string; readonly shape: Known } {
  const { input } = shapesOf(task);
  const [first] = task.parameters ?? [];
  if (first !== undefined)
    return { field: first, shape: Object.hasOwn(kwargs, first) ? undefined : input?.fields?.get(first) };
  const isWhole = args.length === 0 && Object.keys(kwargs).length === 0;
  // Otherwise its fields are merged with the arguments of the call.
  return { field: '', shape: isWhole ? input : { kinds: new Set(['object'] as const) } };
}

function outputOf({ task: name }: Signature): Known {
  const task = findTask(name);
  return task === undefined || task.composes === true ? undefined : shapesOf(task).output;
}

interface Shapes {
  readonly input: Known;
  readonly output: Known;
}

/** By the schemas, because another application in a test may have a task of the same name. */
const known = new WeakMap<object, Shapes>();

function shapesOf(task: AnyTask): Shapes {
  const schemas = schemasOf(task);
  const before = known.get(schemas);
  if (before !== undefined) return before;
  const shapes = { input: shapeOfSchema(schemas.input, 'input'), output: shapeOfSchema(schemas.output, 'output') };
  known.set(schemas, shapes);
  return shapes;
}
