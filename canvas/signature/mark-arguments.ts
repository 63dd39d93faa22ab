/** Marks the arguments of calls whose tasks take a sealed input, so that no history shows them. */
import { isMarked, marked } from '../../contracts/values/sealed.ts';
import { isRecord } from './json.ts';
import { chordOf, isSignature, kindOf, mapOf, type Signature, type SignatureKind, tasksOf } from './signature.ts';
import { markedFields } from './task-input.ts';
import { atOnce, type IsTurnOver, type Turns } from '../../contracts/values/turns.ts';

/** Says whether a task takes a sealed input. */
export type SealsInput = (task: string) => boolean;

/** Says whether arguments that a caller gives go to a task that takes a sealed input. */
export function givesToSealed(signature: Signature, seals: SealsInput): boolean {
  const inside = (one: Signature): boolean => givesToSealed(one, seals);
  switch (kindOf(signature)) {
    case 'task':
      return seals(signature.task);
    case 'chain':
      return tasksOf(signature).slice(0, 1).some(inside);
    case 'group':
      return tasksOf(signature).some(inside);
    case 'chord':
      return chordOf(signature).header.some(inside);
    default:
      return false; // maps take nothing of a caller
  }
}

/** As {@link markArgumentsInTurns}, without pauses. */
export function markArguments<Value>(value: Value, seals: SealsInput): Value {
  return atOnce(markArgumentsInTurns(value, seals));
}

/**
 * The canvas with the arguments of all such calls marked, wherever they stand: callbacks, compensations and branches
 * included. The canvas itself where there are none.
 *
 * @param value - checked JSON, because its depth is trusted
 */
export function* markArgumentsInTurns<Value>(value: Value, seals: SealsInput, isTurnOver?: IsTurnOver): Turns<Value> {
  return (yield* mark(value, seals, isTurnOver)) as Value; // of the same form, with other arguments
}

function* mark(value: unknown, seals: SealsInput, isTurnOver: IsTurnOver | undefined): Turns<unknown> {
  if (!isObject(value) || isMarked(value)) return value;
  if (isTurnOver?.() === true) yield;
  const items: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value) as [string, unknown][])
    // Most entries hold no others, and need no generator.
    items.push([key, isObject(item) ? yield* mark(item, seals, isTurnOver) : item]);
  const inner = withItemsOf(value, items);
  return isSignature(inner) ? withMarks(inner, seals) : inner;
}

/** The value itself where the entries are its own. */
function withItemsOf(value: object, items: readonly (readonly [string, unknown])[]): object {
  const own: readonly unknown[] = Object.values(value);
  if (items.every(([, item], index) => item === own[index])) return value;
  return Array.isArray(value) ? items.map(([, item]) => item) : Object.fromEntries(items);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const MAPS: ReadonlySet<SignatureKind> = new Set(['map', 'starmap', 'chunks']);

/** Marks what one signature holds for the calls that it makes itself. */
function withMarks(signature: Signature, seals: SealsInput): Signature {
  const kind = kindOf(signature);
  if (MAPS.has(kind))
    return seals(mapOf(signature).task.task) ? { ...signature, kwargs: withItems(signature) } : signature;
  if (!givesToSealed(signature, seals)) return signature;
  const { args, kwargs } = signature;
  const own = args === undefined ? signature : { ...signature, args: args.map(marked) };
  if (kwargs === undefined) return own;
  if (kind === 'task') return { ...own, kwargs: markedFields(kwargs) };
  return kind === 'chord' ? { ...own, kwargs: withMembers(kwargs) } : own;
}

/** Keyword arguments of a chord are for the members of its header. */
function withMembers(kwargs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { kwargs: given } = kwargs;
  return isRecord(given) ? { ...kwargs, kwargs: markedFields(given) } : kwargs;
}

/** Items of a starmap and of chunks are lists of arguments. */
function withItems(signature: Signature): Readonly<Record<string, unknown>> {
  const { kwargs = {} } = signature;
  const spread = kindOf(signature) !== 'map';
  const markItem = (item: unknown): unknown => (spread && Array.isArray(item) ? item.map(marked) : marked(item));
  return { ...kwargs, it: mapOf(signature).items.map(markItem) };
}
