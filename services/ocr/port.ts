/**
 * What the rest of the product knows of reading documents: look at a file,
 * read one page. Which engine does it, in which process, with which clean-up
 * is the adapters' business.
 */
import type { OcrBackend } from '../../contracts/documents/vocabulary.ts';

/** What a look at a file tells before any page is read. */
export interface DocumentFacts {
  /** Decided by content, never by name: `application/pdf`, `image/png`, `image/tiff`, … */
  readonly mediaType: string;
  /** At least 1. */
  readonly pages: number;
}

/** One word and where it stands on the upright page. */
export interface Word {
  readonly text: string;
  /** 0…1. */
  readonly confidence: number;
  /** Left, top, right, bottom as fractions (0…1) of the upright page's width and height. */
  readonly box: readonly [number, number, number, number];
  /** Number of the line the word stands on, from 0, in reading order. */
  readonly line: number;
}

/** What was read on one page. */
export interface PageReading {
  /** From 0. */
  readonly page: number;
  readonly text: string;
  /** Mean word confidence, 0…1; 0 for a page without words. */
  readonly confidence: number;
  /** Size of the upright page in pixels (or points for a text layer). */
  readonly width: number;
  readonly height: number;
  /** Clockwise turn, in degrees, that was applied to make the page upright. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Tilt that was removed, in degrees; 0 when none. */
  readonly skew: number;
  readonly words: readonly Word[];
  /** Where the text comes from. */
  readonly origin: 'ocr' | 'text-layer';
  /** What read it: `tesseract`, `tesseract.js`, `deepseek` or `text-layer`. */
  readonly engine: string;
  /** Why the wanted backend did not read it, when another one stepped in. */
  readonly fallbackReason?: string;
}

/** One page to be read. */
export interface ReadPageRequest {
  /** Absolute path of a local file that the caller has confined and checked. */
  readonly path: string;
  readonly mediaType: string;
  /** From 0. */
  readonly page: number;
  readonly backend: OcrBackend;
  /** Tesseract's code, for example `eng` or `eng+deu`. */
  readonly language: string;
  /** Straighten, turn upright and clean the page before reading. */
  readonly preprocess: boolean;
  /** Read the picture of a PDF page even when the page has a text layer. */
  readonly forceOcr: boolean;
}

/** How a page is drawn for a searchable PDF. */
export interface RenderSettings {
  /** Dots per inch, for PDF pages. Pictures keep their own pixels. */
  readonly dpi: number;
  /** The reading's `rotation`, so that its boxes fit the picture. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** The reading's `skew`. */
  readonly skew: number;
}

/** A drawn page. */
export interface RenderedPage {
  readonly jpeg: Buffer;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** Reads documents. Every method throws `PerennialError` with a type of the registry. */
export interface OcrReader {
  /**
   * Looks at a file without reading it.
   *
   * @throws PerennialError `EmptyFile`, `UnsupportedMedia`, `CorruptDocument`, `EncryptedDocument`, `DocumentTooLarge`, `FileMissing`
   */
  inspect(path: string, signal: AbortSignal): Promise<DocumentFacts>;

  /**
   * Reads one page. Heavy work happens in another process, so the caller's
   * event loop stays free. Aborting kills that process.
   *
   * @throws PerennialError also `PageTimeLimit`, `PageMemoryLimit`, `ReaderCrashed`, `LanguageDataMissing`, `Backend…`
   */
  readPage(request: ReadPageRequest, signal: AbortSignal): Promise<PageReading>;

  /**
   * Draws one page in colour as it was read: turned by `rotation`, straightened
   * by `skew`. The boxes of the reading's words then fit the picture.
   *
   * @throws PerennialError as `readPage` does
   */
  renderPage(
    path: string,
    mediaType: string,
    page: number,
    settings: RenderSettings,
    signal: AbortSignal,
  ): Promise<RenderedPage>;

  /** How many pages can be read at once without slowing each other down. */
  readonly concurrency: number;

  /** Ends all child processes. */
  close(): Promise<void>;
}
