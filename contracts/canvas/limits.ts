/** How large a canvas may be, as values and as text. */
import type { JsonBounds } from '../values/json/text.ts';
import { BYTES_PER_MB } from '../values/units.ts';

/** Values of a canvas altogether: a group of 100,000 calls with 30 values each. */
export const CANVAS_VALUES = 3_000_000;

/** Lists and objects of a canvas inside each other; neither a parser nor a person needs more. */
export const CANVAS_DEPTH = 1_000;

/**
 * Bounds of a text that holds a canvas and the options of its run. A group of 100,000 calls has about 11 MB; the rest is
 * room for white space.
 */
export const CANVAS_BOUNDS: JsonBounds = {
  bytes: 50 * BYTES_PER_MB,
  depth: CANVAS_DEPTH + 10,
  values: CANVAS_VALUES + 10_000,
  fields: CANVAS_VALUES,
};
