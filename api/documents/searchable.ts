/** Sends a searchable PDF of a document. */
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { SearchableFormat, SearchablePdf } from '../../services/ocr/searchable/port.ts';
import type { PageReading } from '../../services/ocr/port.ts';
import { findDocument } from './lookups.ts';
import type { DocumentServices } from './ports.ts';

/**
 * Sends the PDF part by part, so that memory holds one page of a document of any length.
 *
 * @throws PerennialError before the first byte when the file is not there
 */
export async function sendSearchablePdf(
  services: DocumentServices,
  id: string,
  format: SearchableFormat,
  response: Response,
  signal: AbortSignal,
): Promise<void> {
  const { name, source } = await findDocument(services, id);
  const file = await services.files.open(source);
  try {
    const readings = (): AsyncIterable<PageReading> => services.documents.readings(id);
    const pdf = await services.searchable.open({ path: file.path, name, readings }, format, signal);
    try {
      response
        .status(200)
        .type('application/pdf')
        .set('Perennial-Pages', describePages(pdf))
        .attachment(`${name.replace(/\.[^.]*$/, '')}.pdf`);
      await pipeline(pdf.content, response, { signal });
    } finally {
      await pdf.release();
    }
  } finally {
    await file.release();
  }
}

/** Formats what the pages of a PDF are, for a header: `original; signatures=invalid`. */
function describePages({ pages, reason, losesSignatures }: SearchablePdf): string {
  return [
    pages,
    ...(reason === undefined ? [] : [`reason=${reason}`]),
    ...(losesSignatures === true ? ['signatures=invalid'] : []),
  ].join('; ');
}
