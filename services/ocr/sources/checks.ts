/** Limits on files and pages, each checked before anything is decoded. */
import { PerennialError } from '../../../contracts/failures.ts';
import type { ChildSettings } from '../messages.ts';

/**
 * Pixels above which a picture is shrunk: at 80 million, tesseract and its input together take more than a gigabyte. An
 * A2 sheet at 300 dpi still fits.
 */
export const EASY_PIXELS = 40_000_000;
/** Longest side in pixels, because tesseract and most formats count pixels in 15 bits. */
const MAX_SIDE = 32_767;

/** Refuses a page that is too large. @throws PerennialError `DocumentTooLarge` */
export function assertPixels(width: number, height: number, settings: ChildSettings): void {
  if (width <= MAX_SIDE && height <= MAX_SIDE && width * height <= settings.maxPixels) return;
  throw new PerennialError(
    'DocumentTooLarge',
    `Expected a page of at most ${String(settings.maxPixels)} pixels and ${String(MAX_SIDE)} on a side, but found ${String(width)} x ${String(height)}. Shrink the page, or raise OCR_MAX_PIXELS.`,
  );
}

/** The failure of a file that cannot be decoded. */
export function damaged(what: string, cause?: unknown): PerennialError {
  return new PerennialError(
    'CorruptDocument',
    `Expected a document that can be decoded, but ${what}. Supply an undamaged copy.`,
    { cause },
  );
}

/** Refuses a page that the document does not have. @throws PerennialError `InvalidInput` */
export function assertPage(page: number, pages: number): void {
  if (Number.isInteger(page) && page >= 0 && page < pages) return;
  throw new PerennialError(
    'InvalidInput',
    `Expected a page from 0 to ${String(pages - 1)}, but found ${String(page)}. Ask for a page that exists.`,
  );
}
