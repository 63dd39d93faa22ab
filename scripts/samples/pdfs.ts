/** Builds the sample PDFs: with a text layer, from scans, or of both. */
import { closePdf, drawPage, openPdf, type PageSpec } from './layout.ts';

/** A page that exists as a picture only. */
export interface ScanPage {
  /** JPEG or PNG bytes. */
  readonly image: Buffer;
  /** Width and height in points. */
  readonly size: readonly [number, number];
}

/** A PDF and the text of those pages that have a text layer. */
export interface MadePdf {
  readonly pdf: Buffer;
  readonly texts: readonly string[];
}

/** Builds a PDF from described pages (text layer) and pictures (no text layer), in order. */
export async function makePdf(
  title: string,
  pages: readonly (PageSpec | ScanPage)[],
  password?: string,
): Promise<MadePdf> {
  const doc = openPdf(title, password);
  const texts: string[] = [];
  for (const page of pages) {
    if ('blocks' in page) {
      texts.push(drawPage(doc, page));
    } else {
      doc.addPage({ size: [...page.size], margin: 0 });
      doc.image(page.image, 0, 0, { width: page.size[0], height: page.size[1] });
    }
  }
  return { pdf: await closePdf(doc), texts };
}
