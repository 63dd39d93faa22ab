/** The reader of documents: a pool of processes with tesseract, and DeepSeek with tesseract as its fallback. */
import { availableParallelism } from 'node:os';
import { PerennialError } from '../../contracts/failures.ts';
import { transcribe } from './deepseek.ts';
import type { DeepseekOptions } from './deepseek.ts';
import { createPagePool, type PagePool } from './pool.ts';
import type { OcrReader, PageReading, ReadPageRequest } from './port.ts';
import type { SearchableReader } from './searchable/port.ts';
import { findTesseract } from './tesseract-binary.ts';
import { BYTES_PER_MB, MINUTE_MS } from '../../contracts/values/units.ts';

/** The part of a logger that the reader uses; pino's logger satisfies it. */
export interface OcrLogger {
  warn(facts: object, message: string): void;
}

/** Options of a reader. */
export interface OcrReaderOptions {
  /**
   * Number of child processes, and so of pages that are read at once.
   * @defaultValue the number of cores
   */
  readonly processes?: number;
  /**
   * Time limit of one page, in milliseconds, from when a process begins it.
   * @defaultValue 120000
   */
  readonly pageTimeoutMs?: number;
  /**
   * Memory limit of one page, engine included, in megabytes.
   * @defaultValue 1024
   */
  readonly pageMemoryMb?: number;
  /**
   * Most pixels in a page.
   * @defaultValue 100000000
   */
  readonly maxPixels?: number;
  /**
   * Largest file, in bytes.
   * @defaultValue 524288000
   */
  readonly maxFileBytes?: number;
  /**
   * Most pages in a document.
   * @defaultValue 5000
   */
  readonly maxPages?: number;
  /**
   * Number of tasks after which a process is replaced.
   * @defaultValue 200
   */
  readonly recyclePages?: number;
  /**
   * Path of the tesseract binary; `auto` looks in PATH, `none` reads with tesseract.js.
   *
   * @defaultValue 'auto'
   */
  readonly tesseractPath?: string;
  /** The DeepSeek service; without it, tesseract reads the pages that ask for it. */
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

/** Pause after a throttled request without `Retry-After`. */
const THROTTLE_PAUSE_MS = 1000;
/** Longest pause that is kept, because a longer `Retry-After` may be a mistake of the service. */
const MAX_PAUSE_MS = 10 * MINUTE_MS;

/** An OCR reader with details for tests and diagnosis. */
export interface PooledOcrReader extends OcrReader, SearchableReader {
  /** Engine that reads pictures. */
  readonly engine: 'tesseract' | 'tesseract.js';
  /** Ids of the child processes that are alive. */
  pids(): readonly number[];
}

/** Creates a reader; child processes start with the first task. */
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
    addText: (path, target, readings, signal) => pool.run({ kind: 'addText', path, target, readings }, signal),
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
        `Expected to ask the recognition service, but it asked to wait another ${String(remainingMs)} ms. Lower the concurrency if this persists.`,
        { retryAfterMs: remainingMs },
      );
    }
    const picture = await pool.run({ kind: 'picture', request }, signal);
    if (picture.kind === 'reading') return picture.reading;
    const { width, height, rotation, skew } = picture;
    const transcript = await transcribe(deepseek, picture.jpeg, signal);
    const state = transcript.text.trim() === '' ? 'blank' : 'read';
    return {
      ...transcript,
      state,
      page: request.page,
      width,
      height,
      rotation,
      skew,
      origin: 'ocr',
      engine: 'deepseek',
    };
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
      // A text layer is no fallback, because it would have been used first in any case, with its pictures.
      return reading.origin !== 'ocr' ? reading : { ...reading, fallbackReason };
    }
  };
}
