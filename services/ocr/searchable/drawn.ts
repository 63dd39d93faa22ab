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
  const characters = new Set<string>();
  let first: { readonly page: number; readonly picture: Buffer } | undefined;
  for await (const reading of readings()) {
    first ??= { page: reading.page, picture: await paint(reading) };
    for (const text of [reading.text, ...reading.words.map((word) => word.text)])
      for (const character of text) characters.add(character);
  }
  const content = new PassThrough();
  const painted: Painter = (reading) =>
    first?.page === reading.page ? Promise.resolve(first.picture) : paint(reading);
  void drawPages({ name, readings, characters }, format, content, painted).catch((error: unknown) =>
    content.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return content;
}

/** What is drawn. */
interface Drawing extends Pick<SearchableSource, 'name' | 'readings'> {
  /** All characters of its texts. */
  readonly characters: ReadonlySet<string>;
}

async function drawPages(
  { name, readings, characters }: Drawing,
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
  const font = addGlyphlessFont(pdf, characters);
  for await (const reading of readings()) {
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
