/** Sends a searchable PDF of a document: the picture of each page with its text as an invisible layer. */
import { once } from 'node:events';
import type { Response } from 'express';
import PDFDocument from 'pdfkit';
import type { PageReading } from '../../../services/ocr/port.ts';
import { findDocument } from '../lookups.ts';
import type { DocumentServices } from '../ports.ts';
import { addGlyphlessFont, FONT_NAME, type GlyphlessFont } from './glyphless-font.ts';
import { pageSize, textLayer } from './text-layer.ts';

/**
 * Draws and sends one page after the other, so that memory holds one page of a document of any length.
 *
 * @throws PerennialError before the first byte when the file is not there
 */
export async function sendSearchablePdf(
  services: DocumentServices,
  id: string,
  response: Response,
  signal: AbortSignal,
): Promise<void> {
  const document = await findDocument(services, id);
  const readings = await services.documents.pageReadings(id);
  const file = await services.files.open(document.source);
  try {
    // The first page is drawn before the answer begins, because most faults of a file show there and can still be reported.
    const first = readings[0] && (await services.painter.paint(file.path, readings[0], signal));
    const pdf = new PDFDocument({
      autoFirstPage: false,
      pdfVersion: '1.5',
      info: { Title: document.name, Creator: 'Perennial' },
    });
    response
      .status(200)
      .type('application/pdf')
      .attachment(`${document.name.replace(/\.[^.]*$/, '')}.pdf`);
    pdf.pipe(response);
    const font = addGlyphlessFont(
      pdf,
      readings.map(({ text, words }) => text + words.map((word) => word.text).join('')),
    );
    for (const [at, reading] of readings.entries()) {
      const picture = at === 0 && first ? first : await services.painter.paint(file.path, reading, signal);
      addPage(pdf, font, reading, picture.bytes);
      if (response.writableNeedDrain) await once(response, 'drain', { signal });
    }
    pdf.end();
    await once(response, 'finish', { signal });
  } finally {
    await file.release();
  }
}

function addPage(pdf: PDFKit.PDFDocument, font: GlyphlessFont, reading: PageReading, picture: Buffer): void {
  const size = pageSize(reading);
  pdf.addPage({ size: [size.width, size.height], margin: 0 });
  pdf.image(picture, 0, 0, { width: size.width, height: size.height });
  const text = textLayer(reading, size, font.encode);
  if (text === '') return;
  const resources = pdf.page.fonts as Record<string, object>; // the font resources of the page, by name
  resources[FONT_NAME] = font.reference;
  // pdfkit flips the vertical axis to count from the top, which would mirror the text.
  pdf.save().transform(1, 0, 0, -1, 0, size.height);
  pdf.addContent(text);
  pdf.restore();
}
