/** The error of a value that is refused, and how its message is made. */
import { PerennialError } from '../../contracts/failures.ts';

/** Where a value stands: linked upwards, so that a path is written only for a fault. */
export interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
}

/** A value that is refused, as fields: callers show them one by one, and nobody reads the message back. */
export class InputFault extends PerennialError {
  /** Where the fault stands, for example `canvas.kwargs.tasks[3]`; of a long path, its two ends. */
  readonly path: string;
  readonly expected: string;
  /** The value in a few words. */
  readonly got: string;

  constructor(path: string, expected: string, got: string) {
    super('InvalidInput', `${path}: expected ${expected}, got ${got}`);
    this.path = path;
    this.expected = expected;
    this.got = got;
  }
}

/** The fault of the value at a place. */
export function fault(place: Place, expected: string, got: string): InputFault {
  return new InputFault(shortenPath(pathOf(place)), expected, got);
}

/** Checks the value at a place. @throws InputFault */
export type Check = (value: unknown, place: Place) => void;

/** Makes the check of a value for which a test holds. */
export function wanted(expected: string, holds: (value: unknown) => boolean): Check {
  return (value, place) => {
    if (!holds(value)) throw fault(place, expected, describe(value));
  };
}

/** The place of a field or an entry of the value at a place. */
export function at(parent: Place, key: string | number): Place {
  return { parent, key };
}

/** The path of a place, for example `canvas.kwargs.tasks[3]`. */
export function pathOf(place: Place): string {
  const keys: (string | number)[] = [];
  for (let up: Place | undefined = place; up !== undefined; up = up.parent) keys.push(up.key);
  return keys
    .reverse()
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      if (index === 0) return key;
      return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(shorten(key))}]`;
    })
    .join('');
}

/** A value in a few words, for messages. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (typeof value === 'bigint') return `the BigInt ${shorten(String(value))}`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? className(value) : `a ${typeof value}`;
}

/** The class of an object in words; `an object` for a plain one. */
export function className(value: object): string {
  const made: unknown = Object.getPrototypeOf(value);
  if (made === Object.prototype || made === null) return 'an object';
  const { constructor } = value;
  return typeof constructor === 'function' ? `a ${shorten(constructor.name)}` : 'an object of a class';
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Keeps both ends of a path that nobody would read to the end. */
function shortenPath(path: string): string {
  return path.length > 400 ? `${path.slice(0, 200)} … ${path.slice(-190)}` : path;
}
