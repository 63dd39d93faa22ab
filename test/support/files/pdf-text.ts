/** Looks into a PDF as its reader would: text, picture, properties, fonts. */
import { PDFiumModule } from '@hyzyla/pdfium';
import { openPdf } from '../../../services/ocr/pdf/pdfium.ts';

/** The selectable text of each page. */
export async function textOfPdf(bytes: Uint8Array): Promise<string[]> {
  const pdf = await openPdf(bytes);
  try {
    return Array.from({ length: pdf.pages }, (_, page) =>
      pdf.withPage(page, (pdfium, handle) => {
        const text = pdfium._FPDFText_LoadPage(handle);
        const letters = Array.from({ length: pdfium._FPDFText_CountChars(text) }, (_unused, at) =>
          String.fromCodePoint(pdfium._FPDFText_GetUnicode(text, at)),
        );
        pdfium._FPDFText_ClosePage(text);
        return letters.join('');
      }),
    );
  } finally {
    pdf.close();
  }
}

/** A line of text on a page, in points from the bottom left corner. */
export interface PlacedLine {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The lines of each page as they stand there, from top to bottom; words far from each other are lines of their own. */
export async function linesOfPdf(bytes: Uint8Array): Promise<PlacedLine[][]> {
  const pdf = await openPdf(bytes);
  try {
    return Array.from({ length: pdf.pages }, (_, page) => pdf.withPage(page, linesOfPage));
  } finally {
    pdf.close();
  }
}

type Pdfium = Parameters<Parameters<Awaited<ReturnType<typeof openPdf>>['withPage']>[1]>[0];

interface TextRects {
  readonly HEAPU8: Uint8Array;
  readonly wasmExports: { malloc(size: number): number };
  _FPDFText_CountRects(text: number, start: number, count: number): number;
  _FPDFText_GetRect(text: number, rect: number, left: number, top: number, right: number, bottom: number): number;
  _FPDFText_GetBoundedText(
    text: number,
    left: number,
    top: number,
    right: number,
    bottom: number,
    out: number,
    size: number,
  ): number;
}

function linesOfPage(module: Pdfium, handle: number): PlacedLine[] {
  const pdfium = module as Pdfium & TextRects; // the product's interface holds what the product calls
  const text = pdfium._FPDFText_LoadPage(handle);
  const at = pdfium.wasmExports.malloc(32);
  const lines: PlacedLine[] = [];
  const rects = pdfium._FPDFText_CountRects(text, 0, -1);
  for (let rect = 0; rect < rects; rect += 1) {
    pdfium._FPDFText_GetRect(text, rect, at, at + 8, at + 16, at + 24);
    const numbers = new Float64Array(pdfium.HEAPU8.slice(at, at + 32).buffer);
    const [left = 0, top = 0, right = 0, bottom = 0] = numbers;
    const out = pdfium.wasmExports.malloc(2_000);
    const length = pdfium._FPDFText_GetBoundedText(text, left, top, right, bottom, out, 999);
    const shown = Buffer.from(pdfium.HEAPU8.slice(out, out + 2 * length)).toString('utf16le');
    lines.push({ text: shown.replaceAll('\0', '').trim(), left, right, top, bottom });
  }
  pdfium._FPDFText_ClosePage(text);
  return lines.filter((line) => line.text !== '').sort((a, b) => b.top - a.top);
}

/** One page as gray pixels. */
export async function renderPdf(bytes: Uint8Array, page: number, width: number, height: number): Promise<Uint8Array> {
  const pdf = await openPdf(bytes);
  try {
    return pdf.render(page, width, height, 'gray');
  } finally {
    pdf.close();
  }
}

/** An entry of the information dictionary, as a reader shows it. */
export async function propertyOf(bytes: Uint8Array, name: string): Promise<string> {
  const module = await PDFiumModule({});
  const pdfium = module as unknown as MetaText; // the package types a part of the C interface
  pdfium._FPDF_InitLibraryWithConfig({
    version: 2,
    m_pIsolate: null,
    m_pUserFontPaths: null,
    m_v8EmbedderSlot: 0,
    m_pPlatform: null,
  });
  const place = (content: Uint8Array): number => {
    const at = pdfium.wasmExports.malloc(content.length);
    pdfium.HEAPU8.set(content, at);
    return at;
  };
  const document = pdfium._FPDF_LoadMemDocument(place(bytes), bytes.length, 0);
  const [tag, size] = [place(Buffer.from(`${name}\0`)), 2_000];
  const out = place(new Uint8Array(size));
  const length = pdfium._FPDF_GetMetaText(document, tag, out, size);
  return Buffer.from(pdfium.HEAPU8.slice(out, out + Math.max(0, length - 2))).toString('utf16le');
}

interface MetaText {
  readonly HEAPU8: Uint8Array;
  readonly wasmExports: { malloc(size: number): number };
  _FPDF_InitLibraryWithConfig(config: object): void;
  _FPDF_LoadMemDocument(at: number, size: number, password: number): number;
  _FPDF_GetMetaText(document: number, tag: number, out: number, size: number): number;
}

/** Names of the fonts, and how many font programs are in the file. */
export function fontsOf(bytes: Uint8Array): { readonly names: readonly string[]; readonly embedded: number } {
  const raw = Buffer.from(bytes).toString('latin1');
  const names = [...raw.matchAll(/\/FontName \/([^\s/>]+)/g)].map(([, name]) => name ?? '');
  return { names, embedded: [...raw.matchAll(/\/FontFile2? /g)].length };
}
