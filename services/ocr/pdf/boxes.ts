/** Rectangles on a page, as fractions (0…1) of the width and height of the page as shown. */
import type { Pdfium, Pointer } from './interface.ts';

/** Left, top, right, bottom. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** The page as a whole. */
export const WHOLE_PAGE: Box = [0, 0, 1, 1];

/**
 * Size of the page to which coordinates are scaled: PDFium returns whole pixels, and this many keep the error below a
 * hundredth of a point.
 */
const FINE = 1_000_000;

/** Returns the smallest box around both. */
export function union(one: Box | undefined, other: Box | undefined): Box | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return [
    Math.min(one[0], other[0]),
    Math.min(one[1], other[1]),
    Math.max(one[2], other[2]),
    Math.max(one[3], other[3]),
  ];
}

/** Returns the part of a box that lies on the page, rounded; its area is 0 when nothing does. */
export function onPage([left, top, right, bottom]: Box): Box {
  const clip = (value: number): number => Math.min(1, Math.max(0, Math.round(value * 1e5) / 1e5));
  return [clip(left), clip(top), clip(right), clip(bottom)];
}

/** Tells whether the centre of a box lies in another box. */
export function hasCentreIn([left, top, right, bottom]: Box, outer: Box): boolean {
  const x = (left + right) / 2;
  const y = (top + bottom) / 2;
  return x >= outer[0] && x <= outer[2] && y >= outer[1] && y <= outer[3];
}

/** Returns the box around points. */
export function boxAround(points: readonly (readonly [number, number])[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Returns the corners of a box. */
export function cornersOf([left, top, right, bottom]: Box): readonly (readonly [number, number])[] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/**
 * Converts points of the page's coordinates to the page as shown, which is turned and cut to the crop box.
 * @param scratch - 8 bytes of the module's memory
 */
export function toShown(
  pdfium: Pdfium,
  page: Pointer,
  points: readonly (readonly [number, number])[],
  scratch: Pointer,
): Box {
  return boxAround(
    points.map(([x, y]) => {
      pdfium._FPDF_PageToDevice(page, 0, 0, FINE, FINE, 0, x, y, scratch, scratch + 4);
      // The view is created anew each time, because the memory moves when it grows.
      const view = new DataView(pdfium.HEAPU8.buffer, scratch, 8);
      return [view.getInt32(0, true) / FINE, view.getInt32(4, true) / FINE] as const;
    }),
  );
}

/** Reads consecutive numbers of single precision. */
export function floatsAt(pdfium: Pdfium, at: Pointer, count: number): readonly number[] {
  const view = new DataView(pdfium.HEAPU8.buffer, at, count * 4);
  return Array.from({ length: count }, (_, index) => view.getFloat32(index * 4, true));
}
