/** Builds the sample PDFs: with a text layer, from scans, or from both. */
import { closePdf, drawPage, openPdf, type PageSpec } from './layout.ts';

/** A page that exists only as a picture. */
export interface ScanPage {
  /** Bytes of a JPEG or PNG. */
  readonly image: Buffer;
  /** Width and height in points. */
  readonly size: readonly [number, number];
}

/** A PDF and the text of its pages that have a text layer. */
export interface MadePdf {
  readonly pdf: Buffer;
  readonly texts: readonly string[];
}

/** Builds a PDF from described pages, which have a text layer, and pictures, which have none, in order. */
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
