/** Finds the parts of a page that may hold writing without a text layer: pictures, and letters drawn as outlines. */
import { onPage, type Box } from './boxes.ts';
import type { Pdfium, Pointer } from './interface.ts';
import { OBJECT, objectsOf, placeOf, type PageObject } from './objects.ts';
import { isBlock, joinPieces, WRITING_OUTLINES, type Piece } from './pieces.ts';

const BEZIER = 1;
/** Segments of a path from which it may be a letter; rules and frames have fewer or no curves. */
const LETTER_SEGMENTS = 6;
/** Least width and height of a picture that can hold a word, in points. */
const LEAST_WIDTH = 16;
const LEAST_HEIGHT = 6;

/**
 * Finds pictures, those inside forms included. Pieces that touch are one picture, because scanners write a page as
 * strips.
 * @param more - further places that are pictures
 */
export function picturesOf(pdfium: Pdfium, page: Pointer, more: readonly Box[]): readonly Box[] {
  const size = [pdfium._FPDF_GetPageWidth(page), pdfium._FPDF_GetPageHeight(page)] as const;
  const pieces: Piece[] = more.map((box) => ({ box, isOutline: false }));
  for (const one of objectsOf(pdfium, page)) {
    const piece = pieceOf(pdfium, page, one);
    if (piece !== undefined) pieces.push(piece);
  }
  return joinPieces(pieces, size).filter(
    ([left, top, right, bottom]) => (right - left) * size[0] >= LEAST_WIDTH && (bottom - top) * size[1] >= LEAST_HEIGHT,
  );
}

function pieceOf(pdfium: Pdfium, page: Pointer, one: PageObject): Piece | undefined {
  const isOutline = one.type === OBJECT.path && isCurved(pdfium, one.object);
  const place = one.type === OBJECT.image || isOutline ? placeOf(pdfium, page, one) : undefined;
  const box = onPage(place ?? [0, 0, 0, 0]);
  if (box[2] <= box[0] || box[3] <= box[1]) return undefined;
  return !isOutline || !isBlock(box) || isManyLetters(pdfium, one.object) ? { box, isOutline } : undefined;
}

function isCurved(pdfium: Pdfium, path: Pointer): boolean {
  const segments = Math.min(pdfium._FPDFPath_CountSegments(path), 40);
  if (segments < LETTER_SEGMENTS) return false;
  for (let index = 0; index < segments; index += 1) {
    const segment = pdfium._FPDFPath_GetPathSegment(path, index);
    if (pdfium._FPDFPathSegment_GetType(segment) === BEZIER) return true;
  }
  return false;
}

/** Some programs write all letters of a page as one path. */
function isManyLetters(pdfium: Pdfium, path: Pointer): boolean {
  return pdfium._FPDFPath_CountSegments(path) >= LETTER_SEGMENTS * WRITING_OUTLINES * 2;
}
