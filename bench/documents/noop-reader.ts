/** A reader that reads nothing, so that a measurement contains only the costs of the product itself. */
import type { OcrReader, PageReading } from '../../services/ocr/port.ts';

const READING: Omit<PageReading, 'page'> = {
  text: 'a page',
  confidence: 0.9,
  width: 100,
  height: 100,
  rotation: 0,
  skew: 0,
  words: [
    { text: 'a', confidence: 0.9, box: [0.1, 0.1, 0.2, 0.2], line: 0 },
    { text: 'page', confidence: 0.9, box: [0.3, 0.1, 0.6, 0.2], line: 0 },
  ],
  state: 'read',
  origin: 'ocr',
  engine: 'none',
};

/** Creates a reader for which every document has one page with two words, without any work. */
export function createNoopReader(concurrency: number): OcrReader {
  return {
    concurrency,
    inspect: () => Promise.resolve({ mediaType: 'image/png', pages: 1 }),
    readPage: ({ page }) => Promise.resolve({ ...READING, page }),
    renderPage: () => Promise.reject(new TypeError('expected to read pages only, got a page to draw')),
    close: () => Promise.resolve(),
  };
}
