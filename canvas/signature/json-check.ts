/**
 * Checks that a value of unknown origin is JSON of a bearable size, without
 * recursion, so that no depth, cycle or length of it can do harm.
 */
import { className, describe, fault, type Place } from './fault.ts';
import { atOnce, type IsTurnOver, type Turns } from '../../contracts/values/turns.ts';

/** How large a canvas may be. */
export interface JsonLimits {
  /** Lists and objects inside each other. */
  readonly depth: number;
  /** Entries of one list or object. */
  readonly entries: number;
  /** Values altogether. */
  readonly values: number;
  /** Characters altogether, as JSON. */
  readonly characters: number;
}

interface Visit {
  readonly value: unknown;
  readonly place: Place;
  readonly depth: number;
  /** Set when the value's own entries have all been seen. */
  readonly leave?: object;
}

/**
 * Goes through a value once.
 *
 * @param name - what the path starts with
 * @throws InputFault for the first fault
 */
export function checkJson(root: unknown, name: string, limits: JsonLimits): void {
  atOnce(checkJsonInTurns(root, name, limits));
}

/** Values between two looks at the clock. */
const VALUES_A_LOOK = 256;

/** As {@link checkJson}, with pauses. */
export function* checkJsonInTurns(root: unknown, name: string, limits: JsonLimits, isTurnOver?: IsTurnOver): Turns {
  const open = new Set<object>();
  const stack: Visit[] = [{ value: root, place: { parent: undefined, key: name }, depth: 0 }];
  let values = 0;
  let characters = 0;
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    if (visit.leave !== undefined) {
      open.delete(visit.leave);
      continue;
    }
    const { value, place } = visit;
    characters += leafSize(value, place);
    values += 1;
    if (values % VALUES_A_LOOK === 0 && isTurnOver?.() === true) yield;
    if (values > limits.values) throw fault(place, `at most ${limits.values} values altogether`, 'more');
    if (typeof value === 'object' && value !== null) characters += enter(value, visit, stack, open, limits);
    if (characters > limits.characters)
      throw fault(place, `a canvas of at most ${limits.characters} characters as JSON`, 'more; pass a reference');
  }
}

/** Characters that a value without entries takes; refuses what JSON cannot say. */
function leafSize(value: unknown, place: Place): number {
  if (typeof value === 'string') return textSize(value, place);
  if (typeof value === 'number') return numberSize(value, place);
  if (typeof value === 'boolean' || value === null) return 5;
  if (typeof value !== 'object') throw fault(place, 'a JSON value', describe(value));
  return 2;
}

/** Half of a pair of code units is no character: the server's fields cannot carry it, and UTF-8 replaces it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function textSize(value: string, place: Place): number {
  if (LONE_SURROGATE.test(value)) throw fault(place, 'text without lone surrogates', describe(value));
  return value.length + 2;
}

/** Integers beyond 2^53 lose digits in JavaScript without a word; better an error than another number. */
function numberSize(value: number, place: Place): number {
  if (!Number.isFinite(value)) throw fault(place, 'a finite number', String(value));
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw fault(place, 'an integer within ±(2^53 − 1); pass larger ones as text', String(value));
  return String(value).length;
}

/** Puts the entries of a list or object on the stack; gives the characters of its keys. */
function enter(value: object, visit: Visit, stack: Visit[], open: Set<object>, limits: JsonLimits): number {
  const { place, depth } = visit;
  const keys = keysOf(value, visit, open, limits);
  open.add(value);
  stack.push({ value: undefined, place, depth, leave: value });
  const record = value as Readonly<Record<string | number, unknown>>; // looked into by its own keys only
  let characters = keys.length;
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const key = keys[index] ?? 0;
    if (typeof key === 'string') characters += textSize(key, { parent: place, key }) + 1;
    stack.push({ value: record[key], place: { parent: place, key }, depth: depth + 1 });
  }
  return characters;
}

function keysOf(
  value: object,
  { place, depth }: Visit,
  open: ReadonlySet<object>,
  limits: JsonLimits,
): readonly (string | number)[] {
  if (open.has(value)) throw fault(place, 'JSON without cycles', 'a reference to an enclosing value');
  if (depth >= limits.depth) throw fault(place, `at most ${limits.depth} levels`, 'more');
  const list = Array.isArray(value);
  if (!list && className(value) !== 'an object') throw fault(place, 'a JSON value', className(value));
  const keys = list ? undefined : Object.keys(value);
  const { length } = keys ?? (value as readonly unknown[]); // without keys it is a list
  if (length > limits.entries) throw fault(place, `at most ${limits.entries} entries`, String(length));
  return keys ?? Array.from({ length }, (_entry, index) => index);
}
