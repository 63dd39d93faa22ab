/** The reader of documents: the pool of processes, tesseract, and DeepSeek with tesseract behind it. */
import { availableParallelism } from 'node:os';
import { PerennialError } from '../../contracts/failures.ts';
import { transcribe } from './deepseek.ts';
import type { DeepseekOptions } from './deepseek.ts';
import { createPagePool, type PagePool } from './pool.ts';
import type { OcrReader, PageReading, ReadPageRequest } from './port.ts';
import { findTesseract } from './tesseract-binary.ts';
import { BYTES_PER_MB, MINUTE_MS } from '../../contracts/values/units.ts';

/** The part of a logger that the reader uses; pino's fits. */
export interface OcrLogger {
  warn(facts: object, message: string): void;
}

/** How a reader is made. */
export interface OcrReaderOptions {
  /**
   * Child processes, and thus pages at once.
   *
   * @defaultValue the number of cores
   */
  readonly processes?: number;
  /**
   * How long one page may take, in milliseconds, counted from when a process begins it.
   *
   * @defaultValue 120000
   */
  readonly pageTimeoutMs?: number;
  /**
   * Megabytes that a page may take, engine included.
   *
   * @defaultValue 1024
   */
  readonly pageMemoryMb?: number;
  /**
   * Pixels of a page.
   *
   * @defaultValue 100000000
   */
  readonly maxPixels?: number;
  /**
   * Bytes of a file.
   *
   * @defaultValue 524288000
   */
  readonly maxFileBytes?: number;
  /**
   * Pages of a document.
   *
   * @defaultValue 5000
   */
  readonly maxPages?: number;
  /**
   * After how many tasks a process is replaced.
   *
   * @defaultValue 200
   */
  readonly recyclePages?: number;
  /**
   * Path of the tesseract binary; `auto` looks in PATH, `none` reads with tesseract.js.
   *
   * @defaultValue 'auto'
   */
  readonly tesseractPath?: string;
  /** The DeepSeek service. Without it, pages that ask for it are read by tesseract. */
  readonly deepseek?: DeepseekOptions | undefined;
  readonly logger?: OcrLogger | undefined;
}

const DEFAULTS = {
  pageTimeoutMs: 120_000,
  pageMemoryMb: 1024,
  maxPixels: 100_000_000,
  maxFileBytes: 500 * BYTES_PER_MB,
  maxPages: 5000,
  recyclePages: 200,
  tesseractPath: 'auto',
} as const;

/** Without `Retry-After`, a throttled service is left alone for this long. */
const THROTTLE_PAUSE_MS = 1000;
/** A service that asks for more is asked again anyway: it may have meant something else. */
const MAX_PAUSE_MS = 10 * MINUTE_MS;

/** An OCR reader, with what tests and diagnosis want to see. */
export interface PooledOcrReader extends OcrReader {
  /** Which engine reads pictures. */
  readonly engine: 'tesseract' | 'tesseract.js';
  /** The child processes that live now. */
  pids(): readonly number[];
}

/** Makes a reader. Child processes start with the first work. */
export function createOcrReader(options: OcrReaderOptions = {}): PooledOcrReader {
  const settings = { ...DEFAULTS, ...options };
  const processes = Math.max(1, options.processes ?? availableParallelism());
  const tesseract =
    settings.tesseractPath === 'none'
      ? undefined
      : settings.tesseractPath === 'auto'
        ? findTesseract()
        : settings.tesseractPath;
  const { maxPixels, maxFileBytes, maxPages, pageTimeoutMs, pageMemoryMb, recyclePages } = settings;
  const pool = createPagePool({
    processes,
    pageTimeoutMs,
    pageMemoryMb,
    recyclePages,
    child: { maxPixels, maxFileBytes, maxPages, tesseract },
  });
  const readWithDeepseek = createDeepseekReading(pool, options.deepseek, options.logger);
  return {
    engine: tesseract === undefined ? 'tesseract.js' : 'tesseract',
    concurrency: processes,
    pids: () => pool.pids(),
    inspect: (path, signal) => pool.run({ kind: 'inspect', path }, signal),
    readPage: (request, signal) =>
      request.backend === 'deepseek' ? readWithDeepseek(request, signal) : pool.run({ kind: 'read', request }, signal),
    renderPage: (path, _mediaType, page, render, signal) =>
      pool.run({ kind: 'render', path, page, settings: render }, signal),
    close: () => pool.close(),
  };
}

type Reading = (request: ReadPageRequest, signal: AbortSignal) => Promise<PageReading>;

function createDeepseekReading(
  pool: PagePool,
  deepseek: DeepseekOptions | undefined,
  logger: OcrLogger | undefined,
): Reading {
  let pausedUntil = 0;
  const remote: Reading = async (request, signal) => {
    if (deepseek === undefined) {
      throw new PerennialError(
        'BackendNotConfigured',
        'Expected the address of a DeepSeek service, but found none. Set DEEPSEEK_URL, or choose the tesseract backend.',
      );
    }
    const remainingMs = pausedUntil - Date.now();
    if (remainingMs > 0) {
      throw new PerennialError(
        'BackendThrottled',
        `Expected to ask the recognition service, but it asked to wait another ${String(remainingMs)} ms. Lower the concurrency if it lasts.`,
        { retryAfterMs: remainingMs },
      );
    }
    const picture = await pool.run({ kind: 'picture', request }, signal);
    if (picture.kind === 'reading') return picture.reading;
    const { width, height, rotation, skew } = picture;
    const transcript = await transcribe(deepseek, picture.jpeg, signal);
    return { ...transcript, page: request.page, width, height, rotation, skew, origin: 'ocr', engine: 'deepseek' };
  };
  return async (request, signal) => {
    try {
      return await remote(request, signal);
    } catch (error) {
      if (!(error instanceof PerennialError) || !error.type.startsWith('Backend')) throw error;
      if (error.type === 'BackendThrottled' && pausedUntil <= Date.now()) {
        pausedUntil = Date.now() + Math.min(error.retryAfterMs ?? THROTTLE_PAUSE_MS, MAX_PAUSE_MS);
      }
      const fallbackReason = `${error.type}: ${error.message}`;
      logger?.warn({ page: request.page, failure: error.type }, 'page is read by tesseract instead of deepseek');
      const reading = await pool.run({ kind: 'read', request }, signal);
      // A text layer is no stand-in: it would have been taken first anyway.
      return reading.origin === 'text-layer' ? reading : { ...reading, fallbackReason };
    }
  };
}
