/** PDF: pages are rendered at the resolution that is asked for, or at the highest that the limits allow. */
import { readFile } from 'node:fs/promises';
import type { ChildSettings } from '../messages.ts';
import { openPdf } from '../pdf/pdfium.ts';
import { assertPage, assertPixels, EASY_PIXELS } from './checks.ts';
import type { SourceFile } from './source.ts';

/** Resolution at which tesseract's model was trained. */
const READING_DPI = 300;
/** Lowest resolution at which a large sheet is rendered before it is refused. */
const LEAST_DPI = 150;
const POINTS_PER_INCH = 72;

/** Opens a PDF. @throws PerennialError `CorruptDocument`, `EncryptedDocument` */
export async function pdfSource(path: string, settings: ChildSettings): Promise<SourceFile> {
  const pdf = await openPdf(await readFile(path));
  const sized = (page: number, wanted: number): { width: number; height: number; dpi: number } => {
    assertPage(page, pdf.pages);
    const { across, down } = pdf.withPage(page, (pdfium, handle) => ({
      across: pdfium._FPDF_GetPageWidth(handle),
      down: pdfium._FPDF_GetPageHeight(handle),
    }));
    const squareInches = (across * down) / POINTS_PER_INCH ** 2;
    const fitting = Math.floor(Math.sqrt(Math.min(settings.maxPixels, EASY_PIXELS) / Math.max(squareInches, 1e-6)));
    const dpi = Math.min(wanted, Math.max(Math.min(LEAST_DPI, wanted), fitting));
    const width = Math.max(1, Math.ceil((across / POINTS_PER_INCH) * dpi));
    const height = Math.max(1, Math.ceil((down / POINTS_PER_INCH) * dpi));
    assertPixels(width, height, settings);
    return { width, height, dpi };
  };
  return {
    path,
    mediaType: 'application/pdf',
    pages: pdf.pages,
    pdf,
    gray: (page) => {
      const { width, height, dpi } = sized(page, READING_DPI);
      return Promise.resolve({ width, height, dpi, data: pdf.render(page, width, height, 'gray') });
    },
    colour: (page, dpi) => {
      const { width, height } = sized(page, dpi);
      return Promise.resolve({ width, height, channels: 4 as const, data: pdf.render(page, width, height, 'rgba') });
    },
    check: (page) => {
      sized(page, READING_DPI);
      return Promise.resolve(0 as const);
    },
  };
}
