/**
 * The port for reading documents: inspect a file, read one page. The adapters choose engine, process and
 * pre-processing.
 */
import type { OcrBackend, PageState } from '../../contracts/documents/vocabulary.ts';

/** What inspecting a file tells before any page is read. */
export interface DocumentFacts {
  /** Detected from the content, never from the name: `application/pdf`, `image/png`, `image/tiff`, … */
  readonly mediaType: string;
  /** Number of pages, at least 1. */
  readonly pages: number;
}

/** One word and its place on the upright page. */
export interface Word {
  readonly text: string;
  /** Confidence, 0 to 1. */
  readonly confidence: number;
  /** Left, top, right, bottom as fractions (0…1) of the upright page's width and height. */
  readonly box: readonly [number, number, number, number];
  /** Number of the line the word stands on, from 0, in reading order. */
  readonly line: number;
}

/** A place on a page whose writing could not be read. */
export interface Unread {
  /** Left, top, right, bottom as fractions (0…1) of the upright page. */
  readonly box: readonly [number, number, number, number];
  /** What is there and why it is not read, as a sentence for people. */
  readonly reason: string;
}

/** The reading of one page. */
export interface PageReading {
  /** Index of the page, from 0. */
  readonly page: number;
  readonly text: string;
  /** Mean confidence of the words, 0 to 1; 0 for a page without words, which counts in no mean. */
  readonly confidence: number;
  /** Size of the upright page in pixels (or points for a text layer). */
  readonly width: number;
  readonly height: number;
  /** Clockwise turn that made the page upright, in degrees. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Tilt that was removed, in degrees; 0 for none. */
  readonly skew: number;
  readonly words: readonly Word[];
  /** `blank`: there is nothing to read; `partly read`: `unread` says what is missing. */
  readonly state: PageState;
  /** Places that could not be read; absent when there is none. */
  readonly unread?: readonly Unread[];
  /** Whether the text was recognised, taken from the PDF, or both. */
  readonly origin: 'ocr' | 'text-layer' | 'mixed';
  /**
   * Engine that read the page: `tesseract`, `tesseract.js`, `deepseek`, `text-layer`, or `text-layer+` and the engine
   * that read the page's pictures.
   */
  readonly engine: string;
  /** Languages that the page was recognised with, as codes joined by `+`; absent where nothing was recognised. */
  readonly language?: string;
  /** What a person should know about the reading, for example that the text looks like another language. */
  readonly hint?: string;
  /** Why the wanted backend did not read the page; absent when it did. */
  readonly fallbackReason?: string;
}

/** A request to read one page. */
export interface ReadPageRequest {
  /** Absolute path of a local file that the caller has confined and checked. */
  readonly path: string;
  readonly mediaType: string;
  /** Index of the page, from 0. */
  readonly page: number;
  readonly backend: OcrBackend;
  /** Tesseract's language codes, for example `eng` or `eng+deu`, or `auto`. */
  readonly language: string;
  /** Deskews, turns and cleans the page before reading. */
  readonly preprocess: boolean;
  /** Reads the picture of a PDF page even when the page has a text layer. */
  readonly forceOcr: boolean;
}

/** How a page is rendered. */
export interface RenderSettings {
  /** Dots per inch, for PDF pages only; pictures keep their pixels. */
  readonly dpi: number;
  /** The reading's `rotation`, so that its boxes fit the picture. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** The reading's `skew`. */
  readonly skew: number;
}

/** The picture of a rendered page. */
export interface RenderedPage {
  readonly jpeg: Buffer;
  /** Width in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Reads documents. Every method throws `PerennialError` with a type from the registry. */
export interface OcrReader {
  /**
   * Inspects a file without reading it.
   * @throws PerennialError `EmptyFile`, `UnsupportedMedia`, `CorruptDocument`, `EncryptedDocument`, `DocumentTooLarge`,
   *   `FileMissing`
   */
  inspect(path: string, signal: AbortSignal): Promise<DocumentFacts>;

  /**
   * Reads one page in another process, so that the caller's event loop stays free. Aborting kills that process.
   * @throws PerennialError also `PageTimeLimit`, `PageMemoryLimit`, `ReaderCrashed`, `LanguageDataMissing`, `Backend…`
   */
  readPage(request: ReadPageRequest, signal: AbortSignal): Promise<PageReading>;

  /**
   * Renders one page in colour, turned by `rotation` and deskewed by `skew`, so that the boxes of the reading fit the
   * picture.
   * @throws PerennialError as `readPage` does
   */
  renderPage(
    path: string,
    mediaType: string,
    page: number,
    settings: RenderSettings,
    signal: AbortSignal,
  ): Promise<RenderedPage>;

  /** Number of pages that can be read at once without slowing each other down. */
  readonly concurrency: number;

  /** Ends all child processes. */
  close(): Promise<void>;
}
