/** Adds invisible text to the pages of an open PDF and saves a copy, over PDFium's C interface. */
import { PerennialError } from '../../../contracts/failures.ts';
import type { Matrix, Pdfium, Pointer } from './interface.ts';

/** A font without shapes. */
interface InvisibleFont {
  /** A TrueType file. */
  readonly file: Uint8Array;
  /** The map from codes to Unicode, as the PDF holds it. */
  readonly characterMap: string;
  /** The map from codes to glyphs, two bytes each. */
  readonly glyphMap: Uint8Array;
}

type Point = readonly [number, number];

/** The part of WebAssembly that is needed here; the types of Node name only its modules. */
const { WebAssembly: wasm } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly f?: unknown } };
  };
};

/** Text that is neither filled nor stroked. */
export const INVISIBLE = 3;
/** Writes all objects anew, because PDFium leaves new objects out of an appended update. */
const NOT_INCREMENTAL = 2;
/** Units in which a page is measured to find its coordinates. */
const UNITS = 100_000;
/** Place in the module's table of functions that stands for a null pointer and is empty. */
const NULL_FUNCTION = 0;

/**
 * A WebAssembly module that exports the function `e.f` it imports, of type (i32, i32, i32) to i32, because a table of
 * functions takes no plain JavaScript function.
 */
const CALLBACK = new wasm.Module(
  Uint8Array.from([
    ...[0, 97, 115, 109, 1, 0, 0, 0], // magic number and version
    ...[1, 8, 1, 96, 3, 127, 127, 127, 1, 127], // one type
    ...[2, 7, 1, 1, 101, 1, 102, 0, 0], // one import
    ...[7, 5, 1, 1, 102, 0, 0], // one export
  ]),
);

/** Adds text to one document. */
export class TextWriter {
  readonly #pdfium: Pdfium;
  readonly #document: Pointer;
  readonly #font: Pointer;

  constructor(pdfium: Pdfium, document: Pointer, { file, characterMap, glyphMap }: InvisibleFont) {
    this.#pdfium = pdfium;
    this.#document = document;
    const [fontAt, mapAt, glyphsAt] = [file, Buffer.from(`${characterMap}\0`), glyphMap].map((data) =>
      this.#place(data),
    ) as [Pointer, Pointer, Pointer]; // `map` keeps the length of three
    this.#font = pdfium._FPDFText_LoadCidType2Font(document, fontAt, file.length, mapAt, glyphsAt, glyphMap.length);
    for (const at of [fontAt, mapAt, glyphsAt]) pdfium.wasmExports.free(at); // PDFium keeps copies
    if (this.#font === 0) throw notWritten('its font cannot be added');
  }

  /** Returns the conversion of fractions of the page as shown, from its upper left, to coordinates of the page. */
  toPage(page: Pointer): (point: Point) => Point {
    const at = this.#place(new Uint8Array(16));
    const corner = (x: number, y: number): Point => {
      this.#pdfium._FPDF_DeviceToPage(page, 0, 0, UNITS, UNITS, 0, x, y, at, at + 8);
      const view = new DataView(this.#pdfium.HEAPU8.buffer, at, 16);
      return [view.getFloat64(0, true), view.getFloat64(8, true)];
    };
    const [origin, right, bottom] = [corner(0, 0), corner(UNITS, 0), corner(0, UNITS)];
    this.#pdfium.wasmExports.free(at);
    return ([x, y]) => [
      origin[0] + x * (right[0] - origin[0]) + y * (bottom[0] - origin[0]),
      origin[1] + x * (right[1] - origin[1]) + y * (bottom[1] - origin[1]),
    ];
  }

  /** Adds a text, given by the codes of its characters, at the end of a page. */
  addText(page: Pointer, codes: readonly number[], size: number, matrix: Matrix): void {
    const pdfium = this.#pdfium;
    const text = pdfium._FPDFPageObj_CreateTextObj(this.#document, this.#font, size);
    const codesAt = this.#place(new Uint8Array(Uint32Array.from(codes).buffer));
    const matrixAt = this.#place(new Uint8Array(Float32Array.from(matrix).buffer));
    pdfium._FPDFText_SetCharcodes(text, codesAt, codes.length);
    pdfium._FPDFTextObj_SetTextRenderMode(text, INVISIBLE);
    pdfium._FPDFPageObj_SetMatrix(text, matrixAt);
    pdfium._FPDFPage_InsertObject(page, text);
    pdfium.wasmExports.free(codesAt);
    pdfium.wasmExports.free(matrixAt);
  }

  /** Writes the added text into a content stream of its own; those that the page has stay as they are. */
  finishPage(page: Pointer): void {
    if (this.#pdfium._FPDFPage_GenerateContent(page) === 0) throw notWritten('the text of a page cannot be written');
  }

  /** Saves the document. Encryption stays; the parts are valid during the call of `write` only. */
  save(write: (part: Uint8Array) => void): void {
    const pdfium = this.#pdfium;
    const table = pdfium.wasmExports.__indirect_function_table;
    let failure: unknown;
    const take = (_self: Pointer, at: Pointer, size: number): number => {
      try {
        write(pdfium.HEAPU8.subarray(at, at + size));
        return 1;
      } catch (error) {
        failure = error;
        return 0;
      }
    };
    const writer = this.#place(new Uint8Array(Uint32Array.of(1, NULL_FUNCTION).buffer));
    const { f } = new wasm.Instance(CALLBACK, { e: { f: take } }).exports;
    // The table cannot grow, so that its only empty place is used while PDFium saves.
    table.set(NULL_FUNCTION, f);
    try {
      const isSaved = pdfium._FPDF_SaveAsCopy(this.#document, writer, NOT_INCREMENTAL) !== 0;
      if (failure !== undefined) throw failure as Error;
      if (!isSaved) throw notWritten('its copy cannot be saved');
    } finally {
      table.set(NULL_FUNCTION, null);
      pdfium.wasmExports.free(writer);
    }
  }

  close(): void {
    this.#pdfium._FPDFFont_Close(this.#font);
  }

  #place(data: Uint8Array): Pointer {
    const at = this.#pdfium.wasmExports.malloc(data.length);
    if (at === 0)
      throw new PerennialError('DocumentTooLarge', 'Expected a PDF that fits in memory, but it does not. Split it.');
    this.#pdfium.HEAPU8.set(data, at);
    return at;
  }
}

/** A failure to write a copy. */
export function notWritten(what: string): PerennialError {
  return new PerennialError(
    'CorruptDocument',
    `Expected a PDF to which text can be added, but ${what}. Supply an undamaged copy.`,
  );
}
