/** The port for searchable PDFs: the pages of a document with its recognised text as an invisible layer. */
import type { Readable } from 'node:stream';
import type { OcrReader, PageReading } from '../port.ts';

/** A document whose text goes into a PDF. */
export interface SearchableSource {
  /** A local file that has been confined and checked. */
  readonly path: string;
  /** Title of the PDF. */
  readonly name: string;
  /** Yields the readings of its pages in order; it is asked more than once. */
  readonly readings: () => AsyncIterable<PageReading>;
}

/** `pdf` keeps the pages of a PDF; `pdfa` draws all pages as pictures in PDF/A-2b, which is made to be archived. */
export type SearchableFormat = 'pdf' | 'pdfa';

/** A searchable PDF that is ready to be sent. */
export interface SearchablePdf {
  /** `original`: a copy of the document with its links, forms, outline and attachments; `drawn`: pictures of its pages. */
  readonly pages: 'original' | 'drawn';
  /** Type of the failure that kept the original pages from being copied; absent when nothing failed. */
  readonly reason?: string;
  /** True when the copy is changed and the digital signatures of the original do not count in it. */
  readonly losesSignatures?: boolean;
  readonly content: Readable;
  /** Removes what was made for the answer; call it in every case. */
  release(): Promise<void>;
}

/** Makes searchable PDFs. */
export interface SearchablePdfs {
  /**
   * Makes a searchable PDF. Pages are drawn one after the other as they are read from `content`.
   *
   * @throws PerennialError as `OcrReader.renderPage`, for the first page
   */
  open(source: SearchableSource, format: SearchableFormat, signal: AbortSignal): Promise<SearchablePdf>;
}

/** A reading whose text goes into a copy of its PDF. */
export type AddedText = Pick<PageReading, 'page' | 'text' | 'words' | 'rotation' | 'skew' | 'origin'>;

/** What a copy of a PDF has lost. */
export interface CopyFacts {
  /** Digital signatures of the original, which a changed copy invalidates. */
  readonly signatures: number;
}

/** The part of a reader that searchable PDFs need. */
export interface SearchableReader extends Pick<OcrReader, 'inspect' | 'renderPage'> {
  /**
   * Writes a copy of a PDF to `target` with the text of `readings`, a file of one {@link AddedText} in JSON on each line, as
   * an invisible layer. What the pages show stays as it
   * is, and words that stand there already are not added again. The invisible text of a page that was recognised as a
   * whole is replaced, because it was found to be wrong.
   *
   * @throws PerennialError as `OcrReader.readPage`, with the limits of one page for the whole document
   */
  addText(path: string, target: string, readings: string, signal: AbortSignal): Promise<CopyFacts>;
}
