/**
 * Values that kombu writes with their type: `{"__type__": "datetime", "__value__": …}`. Tasks here take JSON, so each
 * becomes the text that says the same without loss.
 */
import { INSTANT_EXPECTED, parseInstant } from '../../contracts/values/instant.ts';
import { base64 } from './base64.ts';
import { at, describe, fault, type Place } from './fault.ts';
import { isRecord } from './json.ts';
import { atOnce, type IsTurnOver, type Turns } from '../../contracts/values/turns.ts';

/**
 * The value with every typed value in it replaced; the value itself where there is none.
 *
 * @param value - checked JSON, because its depth is trusted
 * @throws InputFault for an unknown type, or a value that is not of its type
 */
export function withoutTypes(value: unknown, place: Place): unknown {
  return atOnce(withoutTypesInTurns(value, place));
}

/** As {@link withoutTypes}, with pauses. */
export function* withoutTypesInTurns(value: unknown, place: Place, isTurnOver?: IsTurnOver): Turns<unknown> {
  if (!isObject(value)) return value;
  if (isTurnOver?.() === true) yield;
  const entries: readonly [string, unknown][] = Object.entries(value);
  if (isTyped(value, entries.length)) {
    const { plain, place: inner } = decode(value, place);
    return yield* withoutTypesInTurns(plain, inner, isTurnOver);
  }
  const plain: [string, unknown][] = [];
  for (const [key, entry] of entries) {
    // Most entries hold no others, and need no generator.
    const inner = at(place, Array.isArray(value) ? Number(key) : key);
    plain.push([key, isObject(entry) ? yield* withoutTypesInTurns(entry, inner, isTurnOver) : entry]);
  }
  return isSame(plain, entries) ? value : likeIt(value, plain);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

type Entries = readonly (readonly [string, unknown])[];

function isSame(plain: Entries, entries: Entries): boolean {
  return plain.every(([, entry], index) => entry === entries[index]?.[1]);
}

function likeIt(value: object, plain: Entries): unknown {
  return Array.isArray(value) ? plain.map(([, entry]) => entry) : Object.fromEntries(plain);
}

interface Typed {
  readonly __type__: unknown;
  readonly __value__: unknown;
}

/** With any other field it is data, as for kombu. */
function isTyped(value: object, fields: number): value is Typed {
  return fields === 2 && Object.hasOwn(value, '__type__') && Object.hasOwn(value, '__value__');
}

interface Decoder {
  readonly expected: string;
  /** The plain value; `undefined` for a value that is not of the type. */
  readonly decode: (value: unknown) => unknown;
}

const textFor =
  (holds: (text: string) => boolean): Decoder['decode'] =>
  (value) =>
    typeof value === 'string' && holds(value) ? value : undefined;

const BASE64 = /^(?:[\w+/-]{4})*(?:[\w+/-]{2}==|[\w+/-]{3}=)?$/;
const HEX = /^([\da-f]{8})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{12})$/i;

const decoders: Readonly<Record<string, Decoder>> = {
  datetime: { expected: INSTANT_EXPECTED, decode: textFor((text) => parseInstant(text) !== undefined) },
  date: {
    expected: 'a date such as 2026-01-31',
    decode: textFor((text) => text.length === 10 && parseInstant(text) !== undefined),
  },
  time: {
    expected: 'a time of day such as 12:30:00',
    decode: textFor((text) => parseInstant(`2000-01-01T${text}`) !== undefined),
  },
  decimal: {
    expected: 'a number as text such as "1.50"',
    decode: textFor((text) => /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?$/i.test(text)),
  },
  uuid: {
    expected: '{"hex": …} with 32 hexadecimal digits',
    decode: (value) => {
      const digits = HEX.exec(String(isRecord(value) ? value['hex'] : value));
      return digits?.slice(1).join('-').toLowerCase();
    },
  },
  bytes: {
    expected: 'text',
    decode: (value) => (typeof value === 'string' ? base64(new TextEncoder().encode(value)) : undefined),
  },
  base64: { expected: 'base64', decode: textFor((text) => BASE64.test(text)) },
  set: { expected: 'a list', decode: (value) => (Array.isArray(value) ? value : undefined) },
};

/** The plain value and its place; a set may hold typed values. */
function decode({ __type__: type, __value__: value }: Typed, place: Place): { plain: unknown; place: Place } {
  const decoder = typeof type === 'string' && Object.hasOwn(decoders, type) ? decoders[type] : undefined;
  if (decoder === undefined) throw fault(at(place, '__type__'), Object.keys(decoders).join(', '), describe(type));
  const inner = at(place, '__value__');
  const plain = decoder.decode(value);
  if (plain === undefined) throw fault(inner, decoder.expected, describe(value));
  return { plain, place: inner };
}
