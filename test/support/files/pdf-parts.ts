/** What a PDF holds beside the text of its pages, as a reader shows it. */
import { openPdf } from '../../../services/ocr/pdf/pdfium.ts';
import { charactersOf, wordsOf } from '../../../services/ocr/pdf/characters.ts';
import type { Pdfium, Pointer } from '../../../services/ocr/pdf/interface.ts';

/** Links, form fields, outline and attachments of a PDF. */
export interface PdfParts {
  readonly links: readonly string[];
  /** Each as `name=value`. */
  readonly fields: readonly string[];
  readonly outline: readonly string[];
  readonly attachments: readonly string[];
}

interface Parts extends Pdfium {
  _FPDFAnnot_GetLink(annotation: Pointer): Pointer;
  _FPDFLink_GetAction(link: Pointer): Pointer;
  _FPDFAction_GetURIPath(document: Pointer, action: Pointer, to: Pointer, size: number): number;
  _FPDFAnnot_GetFormFieldName(form: Pointer, annotation: Pointer, to: Pointer, size: number): number;
  _FPDFBookmark_GetFirstChild(document: Pointer, parent: Pointer): Pointer;
  _FPDFBookmark_GetNextSibling(document: Pointer, bookmark: Pointer): Pointer;
  _FPDFBookmark_GetTitle(bookmark: Pointer, to: Pointer, size: number): number;
  _FPDFDoc_GetAttachmentCount(document: Pointer): number;
  _FPDFDoc_GetAttachment(document: Pointer, index: number): Pointer;
  _FPDFAttachment_GetName(attachment: Pointer, to: Pointer, size: number): number;
}

/** Reads the parts of a PDF, annotations of all pages in order. */
export async function partsOf(bytes: Uint8Array): Promise<PdfParts> {
  const pdf = await openPdf(bytes);
  const parts = { links: [] as string[], fields: [] as string[], outline: [] as string[], attachments: [] as string[] };
  try {
    const form = pdf.form();
    pdf.withDocument((module, document) => {
      const pdfium = module as Parts; // the module has all functions of the C interface
      const text = (encoding: 'utf8' | 'utf16le', read: (to: Pointer, size: number) => number): string => {
        const at = pdfium.wasmExports.malloc(2_000);
        const length = read(at, 2_000) - (encoding === 'utf8' ? 1 : 2);
        const found = Buffer.from(pdfium.HEAPU8.slice(at, at + Math.max(0, length))).toString(encoding);
        pdfium.wasmExports.free(at);
        return found;
      };
      for (let page = 0; page < pdf.pages; page += 1)
        pdf.withPage(page, (_, handle) => {
          for (let index = 0; index < pdfium._FPDFPage_GetAnnotCount(handle); index += 1) {
            const annotation = pdfium._FPDFPage_GetAnnot(handle, index);
            const link = pdfium._FPDFAnnot_GetLink(annotation);
            const action = link === 0 ? 0 : pdfium._FPDFLink_GetAction(link);
            if (action !== 0)
              parts.links.push(text('utf8', (to, size) => pdfium._FPDFAction_GetURIPath(document, action, to, size)));
            const name = text('utf16le', (to, size) => pdfium._FPDFAnnot_GetFormFieldName(form, annotation, to, size));
            const value = text('utf16le', (to, size) =>
              pdfium._FPDFAnnot_GetFormFieldValue(form, annotation, to, size),
            );
            if (name !== '') parts.fields.push(`${name}=${value}`);
            pdfium._FPDFPage_CloseAnnot(annotation);
          }
        });
      let bookmark = pdfium._FPDFBookmark_GetFirstChild(document, 0);
      for (; bookmark !== 0; bookmark = pdfium._FPDFBookmark_GetNextSibling(document, bookmark)) {
        const at = bookmark;
        parts.outline.push(text('utf16le', (to, size) => pdfium._FPDFBookmark_GetTitle(at, to, size)));
      }
      for (let index = 0; index < pdfium._FPDFDoc_GetAttachmentCount(document); index += 1) {
        const attachment = pdfium._FPDFDoc_GetAttachment(document, index);
        parts.attachments.push(text('utf16le', (to, size) => pdfium._FPDFAttachment_GetName(attachment, to, size)));
      }
    });
  } finally {
    pdf.close();
  }
  return parts;
}

/** The bytes of all streams in a file that is not protected. */
export function contentsOf(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  const [begin, end] = [Buffer.from('stream\n'), Buffer.from('\nendstream')];
  for (let at = bytes.indexOf(begin); at >= 0; at = bytes.indexOf(begin, at)) {
    const to = bytes.indexOf(end, at);
    if (to < 0) break;
    found.push(bytes.subarray(at + begin.length, to));
    at = to + end.length;
  }
  return found;
}

/** The centres of the words that can be selected on a page, as fractions of the page as shown. */
export async function wordPlaces(bytes: Uint8Array, page: number): Promise<readonly (readonly [number, number])[]> {
  const pdf = await openPdf(bytes);
  try {
    return pdf.withPage(page, (pdfium, handle) =>
      wordsOf(charactersOf(pdfium, handle)).words.map(
        ({ box: [left, top, right, bottom] }) => [(left + right) / 2, (top + bottom) / 2] as const,
      ),
    );
  } finally {
    pdf.close();
  }
}
