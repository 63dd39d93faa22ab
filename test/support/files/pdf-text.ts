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
