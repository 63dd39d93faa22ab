/** Finds the parts of a page that may hold writing without a text layer: pictures, and letters drawn as outlines. */
import { cornersOf, floatsAt, onPage, toShown, type Box } from './boxes.ts';
import type { Pdfium, Pointer } from './interface.ts';
import { isBlock, joinPieces, WRITING_OUTLINES, type Piece } from './pieces.ts';

const OBJECT = { path: 2, image: 3, form: 5 } as const;
const BEZIER = 1;
/** Most objects of a page that are looked at, and most levels of forms inside forms. */
const MAX_OBJECTS = 20_000;
const MAX_DEPTH = 12;
/** Segments of a path from which it may be a letter; rules and frames have fewer or no curves. */
const LETTER_SEGMENTS = 6;
/** Least width and height of a picture that can hold a word, in points. */
const LEAST_WIDTH = 16;
const LEAST_HEIGHT = 6;

type Matrix = readonly [number, number, number, number, number, number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/**
 * Finds pictures, those inside forms included. Pieces that touch are one picture, because scanners write a page as
 * strips.
 * @param more - further places that are pictures
 */
export function picturesOf(pdfium: Pdfium, page: Pointer, more: readonly Box[]): readonly Box[] {
  const size = [pdfium._FPDF_GetPageWidth(page), pdfium._FPDF_GetPageHeight(page)] as const;
  const pieces: Piece[] = more.map((box) => ({ box, isOutline: false }));
  const walk = new Walk(pdfium, page, pieces);
  walk.page();
  return joinPieces(pieces, size).filter(
    ([left, top, right, bottom]) => (right - left) * size[0] >= LEAST_WIDTH && (bottom - top) * size[1] >= LEAST_HEIGHT,
  );
}

/** Walks through the objects of a page and of its forms. */
class Walk {
  readonly #pdfium: Pdfium;
  readonly #page: Pointer;
  readonly #pieces: Piece[];
  #left = MAX_OBJECTS;

  constructor(pdfium: Pdfium, page: Pointer, pieces: Piece[]) {
    this.#pdfium = pdfium;
    this.#page = page;
    this.#pieces = pieces;
  }

  page(): void {
    const scratch = this.#pdfium.wasmExports.malloc(32);
    try {
      const count = this.#pdfium._FPDFPage_CountObjects(this.#page);
      for (let index = 0; index < count && this.#left > 0; index += 1)
        this.#look(this.#pdfium._FPDFPage_GetObject(this.#page, index), IDENTITY, 0, scratch);
    } finally {
      this.#pdfium.wasmExports.free(scratch);
    }
  }

  #look(object: Pointer, matrix: Matrix, depth: number, scratch: Pointer): void {
    this.#left -= 1;
    const type = this.#pdfium._FPDFPageObj_GetType(object);
    if (type === OBJECT.form) this.#form(object, matrix, depth, scratch);
    else if (type === OBJECT.image) this.#add(object, matrix, scratch, false);
    else if (type === OBJECT.path && this.#isCurved(object)) this.#add(object, matrix, scratch, true);
  }

  #form(form: Pointer, outer: Matrix, depth: number, scratch: Pointer): void {
    if (depth >= MAX_DEPTH || this.#pdfium._FPDFPageObj_GetMatrix(form, scratch) === 0) return;
    // `as` is safe: six numbers were asked for.
    const matrix = product(floatsAt(this.#pdfium, scratch, 6) as unknown as Matrix, outer);
    const count = this.#pdfium._FPDFFormObj_CountObjects(form);
    for (let index = 0; index < count && this.#left > 0; index += 1)
      this.#look(this.#pdfium._FPDFFormObj_GetObject(form, index), matrix, depth + 1, scratch);
  }

  #add(object: Pointer, matrix: Matrix, scratch: Pointer, isOutline: boolean): void {
    const pdfium = this.#pdfium;
    if (pdfium._FPDFPageObj_GetBounds(object, scratch, scratch + 4, scratch + 8, scratch + 12) === 0) return;
    // `as` is safe: four numbers were asked for.
    const bounds = floatsAt(pdfium, scratch, 4) as unknown as Box;
    const corners = cornersOf(bounds).map((point) => applied(matrix, point));
    const box = onPage(toShown(pdfium, this.#page, corners, scratch + 16));
    if (box[2] <= box[0] || box[3] <= box[1]) return;
    if (!isOutline || !isBlock(box) || this.#isManyLetters(object)) this.#pieces.push({ box, isOutline });
  }

  #isCurved(path: Pointer): boolean {
    const segments = Math.min(this.#pdfium._FPDFPath_CountSegments(path), 40);
    if (segments < LETTER_SEGMENTS) return false;
    for (let index = 0; index < segments; index += 1) {
      const segment = this.#pdfium._FPDFPath_GetPathSegment(path, index);
      if (this.#pdfium._FPDFPathSegment_GetType(segment) === BEZIER) return true;
    }
    return false;
  }

  /** Some programs write all letters of a page as one path. */
  #isManyLetters(path: Pointer): boolean {
    return this.#pdfium._FPDFPath_CountSegments(path) >= LETTER_SEGMENTS * WRITING_OUTLINES * 2;
  }
}

function product(inner: Matrix, outer: Matrix): Matrix {
  const [a, b, c, d, e, f] = inner;
  const [p, q, r, s, t, u] = outer;
  return [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u];
}

function applied([a, b, c, d, e, f]: Matrix, [x, y]: readonly [number, number]): readonly [number, number] {
  return [a * x + c * y + e, b * x + d * y + f];
}
