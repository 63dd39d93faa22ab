/**
 * Shapes of what comes in: the form of arguments without the schema library, which
 * the sandbox does not load. They hold what workflows rely on; the limits of single
 * fields stay with the schemas, which activities check.
 */
import { workflowInfo } from '@temporalio/workflow';
import { fault, pathOf, type Place } from '../canvas/signature/fault.ts';
import { isRecord } from '../canvas/signature/json.ts';
import { checkJson } from '../canvas/signature/json-check.ts';
import { originIn, REDRIVE_MEMO } from '../contracts/dlq/steps.ts';
import { MAX_CALL_DEPTH, type ListedRun } from '../contracts/tasks/calls.ts';

/** Checks a value. @throws InputFault for its first fault */
export type Shape = (value: unknown, place: Place) => void;

/** Arguments in their order. */
export type ArgumentShapes = readonly (readonly [name: string, shape: Shape])[];

/** What one workflow accepts. */
export interface WorkflowShape {
  readonly input: ArgumentShapes;
  /** Signals, updates and queries by name; all others are refused. @defaultValue none */
  readonly messages?: Readonly<Record<string, ArgumentShapes>>;
  /**
   * What a run is found by that somebody starts who does not say so; the arguments are not checked yet. Without a name
   * it is not listed among the tasks.
   *
   * @defaultValue the name of the workflow
   */
  readonly listed?: (args: readonly unknown[]) => ListedRun;
}

/** A field of something that nobody has checked, where it is a word that the index can hold. */
export function wordOf(given: unknown, field: string): string | undefined {
  const value = isRecord(given) ? given[field] : undefined;
  return typeof value === 'string' && INDEXED.test(value) ? value : undefined;
}

const INDEXED = /^[\w.:@/+-]{1,200}$/;

/** A value for which a test holds. */
export function wanted(expected: string, holds: (value: unknown) => boolean): Shape {
  return (value, place) => {
    if (!holds(value)) throw fault(place, expected, kindOf(value));
  };
}

/** The text holds a half of a pair of code units: no field of the server can carry it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

export const text: Shape = (value, place) => {
  if (typeof value !== 'string') throw fault(place, 'text', kindOf(value));
  if (LONE_SURROGATE.test(value)) throw fault(place, 'text without lone surrogates', kindOf(value));
};
export const flag = wanted('true or false', (value) => typeof value === 'boolean');

/** Text up to a length, in characters. */
export function shortText(most: number): Shape {
  return allOf(
    text,
    wanted(`text of at most ${most} characters`, (value) => typeof value === 'string' && value.length <= most),
  );
}

/** A number of a range, its ends included. */
export function number(least: number, most: number): Shape {
  return wanted(`a number from ${least} to ${most}`, (value) => isWithin(value, least, most));
}

/** A whole number of a range, its ends included. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Shape {
  return wanted(
    `a whole number from ${least} to ${most}`,
    (value) => Number.isInteger(value) && isWithin(value, least, most),
  );
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

/** One of some values. A text in their place is told, because it is a slip of the pen, not a secret. */
export function oneOf(...choices: readonly unknown[]): Shape {
  const expected = choices.map((choice) => JSON.stringify(choice)).join(' or ');
  return (value, place) => {
    if (choices.includes(value)) return;
    throw fault(place, expected, typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : kindOf(value));
  };
}

/** Any JSON value, or none. */
export const anything: Shape = (value, place) => {
  if (value !== undefined) checkJson(value, pathOf(place), ANY);
};

const ANY = { depth: MAX_CALL_DEPTH, entries: Infinity, values: Infinity, characters: Infinity };

/** A value that is checked where it is used. */
export const unchecked: Shape = () => undefined;

/** The state that a run hands on to the next one, or to its redrive; nobody else knows how to make it. */
export const carried: Shape = (value, place) => {
  const { continuedFromExecutionRunId, memo } = workflowInfo();
  const isRedrive = originIn(memo?.[REDRIVE_MEMO]) !== undefined;
  if (value !== undefined && continuedFromExecutionRunId === undefined && !isRedrive)
    throw fault(place, 'nothing, because only continue-as-new sets it', kindOf(value));
};

/** A stored object. */
export const blob: Shape = (value, place) =>
  fields({ store: oneOf('file', 's3'), key: text, size: whole(0), sha256: text })(value, place);

/** A value that may be left out. */
export function optional(shape: Shape): Shape {
  return (value, place) => {
    if (value !== undefined) shape(value, place);
  };
}

/** A value that may be `null`. A missing one is told so, because null is the way to say nothing here. */
export function nullable(shape: Shape): Shape {
  return (value, place) => {
    if (value === undefined) throw fault(place, 'a value or null', kindOf(value));
    if (value !== null) shape(value, place);
  };
}

/** A value of which all shapes hold. */
export function allOf(...shapes: readonly Shape[]): Shape {
  return (value, place) => {
    for (const shape of shapes) shape(value, place);
  };
}

/** One shape for texts, another for everything else. */
export function textOr(shape: Shape): Shape {
  return (value, place) => (typeof value === 'string' ? text : shape)(value, place);
}

/** A list of entries of one shape. */
export function list(of: Shape, most = Infinity): Shape {
  return (value, place) => {
    if (!Array.isArray(value)) throw fault(place, 'a list', kindOf(value));
    if (value.length > most) throw fault(place, `at most ${most} entries`, String(value.length));
    for (const [key, entry] of value.entries()) of(entry, { parent: place, key });
  };
}

/** An object whose fields have names of their own, and values of one shape. */
export function record(of: Shape): Shape {
  return (value, place) => {
    if (!isRecord(value)) throw fault(place, 'an object', kindOf(value));
    for (const [key, entry] of Object.entries(value)) of(entry, { parent: place, key });
  };
}

/** An object with known fields and no others. */
export function fields(needed: Readonly<Record<string, Shape>>, may: Readonly<Record<string, Shape>> = {}): Shape {
  const all = { ...needed, ...Object.fromEntries(Object.entries(may).map(([key, shape]) => [key, optional(shape)])) };
  return (value, place) => {
    if (!isRecord(value)) throw fault(place, `an object with ${Object.keys(all).join(', ')}`, kindOf(value));
    for (const key of Object.keys(value))
      if (!Object.hasOwn(all, key)) throw fault({ parent: place, key }, 'no such field', kindOf(value[key]));
    for (const [key, shape] of Object.entries(all)) shape(value[key], { parent: place, key });
  };
}

/**
 * Checks arguments as a whole.
 *
 * @throws InputFault with the path of the first fault, of values only their kind: they may be secrets
 */
export function checkArguments(shapes: ArgumentShapes, given: readonly unknown[]): void {
  if (given.length > shapes.length) {
    const names = shapes.map(([name]) => name).join(', ');
    throw fault({ parent: undefined, key: 'arguments' }, names === '' ? 'none' : names, String(given.length));
  }
  for (const [index, [key, shape]] of shapes.entries()) shape(given[index], { parent: undefined, key });
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return `text of ${value.length} characters`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return isRecord(value) ? `an object with ${Object.keys(value).length} fields` : `a ${value.constructor.name}`;
}
