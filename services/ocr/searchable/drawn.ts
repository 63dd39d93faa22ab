/** Draws a searchable PDF of a document: the picture of each page with its text as an invisible layer. */
import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import PDFDocument from 'pdfkit';
import type { PageReading } from '../port.ts';
import { addGlyphlessFont, FONT_NAME, type GlyphlessFont } from './glyphless-font.ts';
import type { SearchableFormat, SearchableReader, SearchableSource } from './port.ts';
import { pageSize, textLayer } from './text-layer.ts';

/** Sharp enough for a screen and for print, and half the size of the picture that OCR reads. */
const PICTURE_DPI = 200;

type Painter = (reading: PageReading) => Promise<Buffer>;

/**
 * Draws one page after the other as they are read from the stream, so that memory holds one page of a document of any
 * length. An error after the first page destroys the stream.
 *
 * @throws PerennialError as `OcrReader.renderPage`, for the first page
 */
export async function drawPdf(
  { path, name, readings }: SearchableSource,
  format: SearchableFormat,
  reader: SearchableReader,
  signal: AbortSignal,
): Promise<Readable> {
  const { mediaType } = await reader.inspect(path, signal);
  const paint: Painter = async ({ page, rotation, skew }) => {
    const settings = { dpi: PICTURE_DPI, rotation, skew };
    return (await reader.renderPage(path, mediaType, page, settings, signal)).jpeg;
  };
  // The first page is drawn before the stream begins, because most faults of a file show there and can still be reported.
  const first = readings[0] && (await paint(readings[0]));
  const content = new PassThrough();
  void drawPages(name, readings, format, content, (reading) =>
    reading === readings[0] && first !== undefined ? Promise.resolve(first) : paint(reading),
  ).catch((error: unknown) => content.destroy(error instanceof Error ? error : new Error(String(error))));
  return content;
}

async function drawPages(
  name: string,
  readings: readonly PageReading[],
  format: SearchableFormat,
  content: PassThrough,
  paint: Painter,
): Promise<void> {
  const pdf = new PDFDocument({
    autoFirstPage: false,
    ...(format === 'pdfa' ? { pdfVersion: '1.7', subset: 'PDF/A-2b' } : { pdfVersion: '1.5' }),
    info: { Title: format === 'pdfa' ? forMetadata(name) : name, Creator: 'Perennial' },
  });
  pdf.pipe(content);
  const font = addGlyphlessFont(
    pdf,
    readings.map(({ text, words }) => text + words.map((word) => word.text).join('')),
  );
  for (const reading of readings) {
    addPage(pdf, font, reading, await paint(reading));
    if (content.destroyed) return;
    if (content.writableNeedDrain) await Promise.race([once(content, 'drain'), once(content, 'close')]);
  }
  pdf.end();
}

/** Removes what pdfkit would write into XML without quoting it; both places of a title must agree in PDF/A. */
function forMetadata(title: string): string {
  return title.replace(/[&<>\p{Cc}\p{Cs}]/gu, ' ').trim();
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
