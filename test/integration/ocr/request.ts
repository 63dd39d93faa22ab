/** A request for a page, apart from what needs vitest, so that a plain process can use it too. */
import type { ReadPageRequest } from '../../../services/ocr/port.ts';

export const never = new AbortController().signal;

export function request(path: string, changes: Partial<ReadPageRequest> = {}): ReadPageRequest {
  return {
    path,
    mediaType: 'application/pdf',
    page: 0,
    backend: 'tesseract',
    language: 'eng',
    preprocess: true,
    forceOcr: true,
    ...changes,
  };
}
