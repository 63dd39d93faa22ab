/** A small picture of a page, with which the text layer is compared: what is not drawn is not believed. */
import { inkThreshold, type GrayPage } from '../gray.ts';
import type { Box } from './boxes.ts';

/** Difference of shades below which nothing is drawn; faint text on white still has twice as much. */
const LEAST_CONTRAST = 20;
/** Share of a picture's ink outside known words from which the picture is read. */
const MUCH_OUTSIDE = 0.3;
/** Room around a word that counts as the word, as a share of its height. */
const ROOM = 0.35;

interface Span {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function spanOf({ width, height }: GrayPage, [left, top, right, bottom]: Box, room = 0): Span {
  const more = room * (bottom - top) * height;
  return {
    left: Math.max(0, Math.floor(left * width - more)),
    top: Math.max(0, Math.floor(top * height - more)),
    right: Math.min(width, Math.ceil(right * width + more)),
    bottom: Math.min(height, Math.ceil(bottom * height + more)),
  };
}

/** Cuts a part out of a page. */
export function cut(page: GrayPage, box: Box): GrayPage {
  const { left, top, right, bottom } = spanOf(page, box);
  const width = Math.max(1, right - left);
  const height = Math.max(1, bottom - top);
  const data = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const from = (top + row) * page.width + left;
    data.set(page.data.subarray(from, from + width), row * width);
  }
  return { width, height, data, dpi: page.dpi };
}

/** Tells whether anything is drawn in a place. */
export function isDrawn(page: GrayPage, box: Box): boolean {
  const { left, top, right, bottom } = spanOf(page, box);
  let least = 255;
  let most = 0;
  for (let row = top; row < bottom; row += 1) {
    for (let at = row * page.width + left; at < row * page.width + right; at += 1) {
      const value = page.data[at] ?? 255;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return most - least >= LEAST_CONTRAST;
}

/** Tells whether a picture holds more than the words that are known already. */
export function hasUnknownInk(page: GrayPage, picture: Box, known: readonly Box[]): boolean {
  if (!isDrawn(page, picture)) return false;
  const part = cut(page, picture);
  const ink = inkOf(part);
  const total = countOf(ink);
  const { left, top } = spanOf(page, picture);
  for (const box of known) {
    const span = spanOf(page, box, ROOM);
    const from = Math.max(0, span.left - left);
    const to = Math.min(part.width, span.right - left);
    const last = Math.min(part.height, span.bottom - top);
    for (let row = Math.max(0, span.top - top); row < last && from < to; row += 1)
      ink.fill(0, row * part.width + from, row * part.width + to);
  }
  return countOf(ink) > total * MUCH_OUTSIDE;
}

/** Marks the writing of a picture with 1: the rarer of the two shades, which is white on some pictures. */
function inkOf(part: GrayPage): Uint8Array {
  const threshold = inkThreshold(part);
  const dark = part.data.map((value) => (value <= threshold ? 1 : 0));
  return countOf(dark) * 2 > dark.length ? dark.map((one) => 1 - one) : dark;
}

function countOf(marks: Uint8Array): number {
  let count = 0;
  for (const mark of marks) count += mark;
  return count;
}

/** Inverts light writing on a dark ground, which the white border around a part would otherwise hide from the engine. */
export function darkOnLight(page: GrayPage): GrayPage {
  const threshold = inkThreshold(page);
  let dark = 0;
  for (const value of page.data) if (value <= threshold) dark += 1;
  return dark * 2 <= page.data.length ? page : { ...page, data: page.data.map((value) => 255 - value) };
}

/** Share of middle shades up to which a picture looks like paper with writing; photographs have more. */
const FEW_MIDDLE = 0.25;
/** Shares of ink between which a picture looks like writing. */
const WRITING_INK = [0.002, 0.4] as const;

/** Least difference between paper and ink; noise of an empty sheet has less. */
const WRITING_CONTRAST = 60;

/** Tells whether a picture looks like paper with writing, so that finding no word in it is worth a remark. */
export function looksWritten(page: GrayPage): boolean {
  const threshold = inkThreshold(page);
  let middle = 0;
  const dark = { count: 0, sum: 0 };
  let sum = 0;
  for (const value of page.data) {
    sum += value;
    if (value > 70 && value < 185) middle += 1;
    if (value > threshold) continue;
    dark.count += 1;
    dark.sum += value;
  }
  const size = page.data.length;
  const contrast = (sum - dark.sum) / Math.max(1, size - dark.count) - dark.sum / Math.max(1, dark.count);
  const ink = Math.min(dark.count, size - dark.count) / size;
  return contrast >= WRITING_CONTRAST && middle < size * FEW_MIDDLE && ink > WRITING_INK[0] && ink < WRITING_INK[1];
}
