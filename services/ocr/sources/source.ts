/** What the file of a document looks like to those who read it. */
import type { GrayPage, Turn } from '../gray.ts';
import type { ReadableMedia } from '../media.ts';
import type { PdfFile } from '../pdf/pdfium.ts';

/** Colour pixels of a page: three or four bytes each, rows from the top. */
export interface ColourPage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
}

/** The file of a document, inspected and ready to be read. */
export interface SourceFile {
  readonly path: string;
  readonly mediaType: ReadableMedia;
  readonly pages: number;
  /** Present for PDF only. */
  readonly pdf?: PdfFile;
  /** Returns the page in gray; PDF pages at `READING_DPI`. */
  gray(page: number): Promise<GrayPage>;
  /** Returns the page in colour; `dpi` applies to PDF only. */
  colour(page: number, dpi: number): Promise<ColourPage>;
  /** Checks one page of a picture file against the limits, and returns the turn that its camera noted. */
  check(page: number): Promise<Turn>;
}
