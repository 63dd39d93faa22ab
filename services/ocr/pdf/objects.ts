/** Walks through the objects of a page, those inside forms included. */
import { cornersOf, floatsAt, toShown, type Box } from './boxes.ts';
import type { Matrix, Pdfium, Pointer } from './interface.ts';

/** Types of objects. */
export const OBJECT = { text: 1, path: 2, image: 3, form: 5 } as const;

/** An object of a page that is no form. */
export interface PageObject {
  readonly object: Pointer;
  readonly type: number;
  /** The outermost form that holds it; absent for objects of the page itself. */
  readonly form?: Pointer;
  /** The way from its coordinates to those of the page. */
  readonly matrix: Matrix;
}

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];
/** Most objects of a page that are looked at, and most levels of forms inside forms. */
const MAX_OBJECTS = 20_000;
const MAX_DEPTH = 12;
/** Bytes of a matrix, which has single precision. */
const MATRIX_BYTES = 24;

/** Lists the objects of a page in the order in which they are drawn. */
export function objectsOf(pdfium: Pdfium, page: Pointer): readonly PageObject[] {
  const found: PageObject[] = [];
  let left = MAX_OBJECTS;
  const look = (object: Pointer, matrix: Matrix, depth: number, form: Pointer | undefined): void => {
    left -= 1;
    const type = pdfium._FPDFPageObj_GetType(object);
    if (type !== OBJECT.form) found.push({ object, type, matrix, ...(form === undefined ? {} : { form }) });
    else if (depth < MAX_DEPTH) {
      const inner = product(matrixOf(pdfium, object), matrix);
      const count = pdfium._FPDFFormObj_CountObjects(object);
      for (let index = 0; index < count && left > 0; index += 1)
        look(pdfium._FPDFFormObj_GetObject(object, index), inner, depth + 1, form ?? object);
    }
  };
  const count = pdfium._FPDFPage_CountObjects(page);
  for (let index = 0; index < count && left > 0; index += 1)
    look(pdfium._FPDFPage_GetObject(page, index), IDENTITY, 0, undefined);
  return found;
}

/** Returns the transformation of an object. */
export function matrixOf(pdfium: Pdfium, object: Pointer): Matrix {
  const at = pdfium.wasmExports.malloc(MATRIX_BYTES);
  try {
    // `as` is safe: six numbers were asked for.
    return pdfium._FPDFPageObj_GetMatrix(object, at) === 0 ? IDENTITY : (floatsAt(pdfium, at, 6) as unknown as Matrix);
  } finally {
    pdfium.wasmExports.free(at);
  }
}

/** Returns the place of an object on the page as shown; `undefined` when it has none. */
export function placeOf(pdfium: Pdfium, page: Pointer, { object, matrix }: PageObject): Box | undefined {
  const at = pdfium.wasmExports.malloc(MATRIX_BYTES);
  try {
    if (pdfium._FPDFPageObj_GetBounds(object, at, at + 4, at + 8, at + 12) === 0) return undefined;
    // `as` is safe: four numbers were asked for.
    const bounds = floatsAt(pdfium, at, 4) as unknown as Box;
    return toShown(
      pdfium,
      page,
      cornersOf(bounds).map((point) => applied(matrix, point)),
      at + 16,
    );
  } finally {
    pdfium.wasmExports.free(at);
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
