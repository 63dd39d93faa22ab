/** Codes of phone networks (3GPP TS 23.038), and the parts that a text is carried in. */
import type { Encoding } from './port.ts';

const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);

/** Each takes two septets. */
const EXTENDED = new Set('\f^{}\\[~]|€');

/** Units of the only part of a message, and of each part of several, which have a header. */
const ROOM = { gsm7: { only: 160, each: 153 }, ucs2: { only: 70, each: 67 } } as const;

/** How a text is carried. */
export interface TextParts {
  readonly encoding: Encoding;
  /** Septets of GSM 7-bit, or 16-bit units of UCS2. */
  readonly units: number;
  /** Parts that a network carries; at least 1. */
  readonly segments: number;
}

/** Counts the parts of a text. One character that GSM 7-bit does not have makes all of it UCS2. */
export function textParts(text: string): TextParts {
  const characters = Array.from(text); // code points, as the codes of networks have them
  const isGsm = characters.every((character) => BASIC.has(character) || EXTENDED.has(character));
  const encoding: Encoding = isGsm ? 'gsm7' : 'ucs2';
  const weights = characters.map((character) => (isGsm ? (EXTENDED.has(character) ? 2 : 1) : character.length));
  const units = weights.reduce((sum, weight) => sum + weight, 0);
  const { only, each } = ROOM[encoding];
  return { encoding, units, segments: units <= only ? 1 : partsOf(weights, each) };
}

/** Fills parts one after the other: what takes two units is never split between two parts. */
function partsOf(weights: readonly number[], room: number): number {
  let parts = 1;
  let used = 0;
  for (const weight of weights) {
    if (used + weight > room) {
      parts += 1;
      used = 0;
    }
    used += weight;
  }
  return parts;
}

/** Decimals of costs; prices of single parts have up to five. */
const MICRO = 1_000_000;

/** Computes what the parts of a message cost, as a decimal number. Whole millionths are counted, so that sums are exact. */
export function costOf(segments: number, perSegment: number): string {
  const micros = Math.round(perSegment * MICRO) * segments;
  return `${String(Math.floor(micros / MICRO))}.${String(micros % MICRO).padStart(6, '0')}`;
}
