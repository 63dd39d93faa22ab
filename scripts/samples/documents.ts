/** Makes the samples with several pages, the PDFs and the broken files. */
import { grain, skew } from './degrade.ts';
import { euroInvoice } from './invoices.ts';
import { a4, type PageSpec } from './layout.ts';
import { layered, minutes, mixed, scanned } from './many-pages-texts.ts';
import { makePdf, type ScanPage } from './pdfs.ts';
import { makeRandom } from '../../contracts/values/random.ts';
import { renderPage, toJpeg, toTiff, type Raster } from './raster.ts';
import type { Sample } from './scans.ts';
import { letter } from './texts.ts';

async function scanOf(page: PageSpec, degrees: number, seed: number): Promise<{ scan: ScanPage; text: string }> {
  const { raster, text } = await renderPage(page, 200);
  const image = await toJpeg(grain(await skew(raster, degrees), 2, makeRandom(seed)), 50);
  return { scan: { image, size: a4 }, text };
}

async function tiff(): Promise<Sample> {
  const rasters: Raster[] = [];
  const text: string[] = [];
  for (const page of minutes) {
    const made = await renderPage(page, 300);
    rasters.push(made.raster);
    text.push(made.text);
  }
  const note = 'Three pages in one TIFF, black and white with fax compression at 300 dpi.';
  return {
    file: '09-minutes.tiff',
    bytes: await toTiff(rasters),
    truth: { pages: 3, text, expect: 'completed', note },
  };
}

async function pdfs(): Promise<Sample[]> {
  const [first, second] = [scanned[0], scanned[1]];
  if (first === undefined || second === undefined) throw new Error('The scanned PDF needs two pages.');
  const scans = [await scanOf(first, 0.7, 101), await scanOf(second, -0.5, 102)];
  const pictures = await makePdf(
    'Scan',
    scans.map(({ scan }) => scan),
  );
  const texts = await makePdf('Spring list 2026', layered);
  const workshop = await scanOf(mixed[1], 0.4, 121);
  const both = await makePdf('Autumn workshop', [mixed[0], workshop.scan]);
  const invoice = await makePdf('Invoice', [euroInvoice.page]);
  return [
    {
      file: '10-scanned.pdf',
      bytes: pictures.pdf,
      truth: {
        pages: 2,
        text: scans.map(({ text }) => text),
        expect: 'completed',
        note: 'Two scanned pages as JPEG, no text layer, slightly askew.',
      },
    },
    {
      file: '11-text-layer.pdf',
      bytes: texts.pdf,
      truth: {
        pages: 2,
        text: texts.texts,
        expect: 'completed',
        note: 'Two pages with a text layer: nothing to recognise.',
      },
    },
    {
      file: '12-mixed.pdf',
      bytes: both.pdf,
      truth: {
        pages: 2,
        text: [...both.texts, workshop.text],
        expect: 'completed',
        note: 'Page 1 has a text layer, page 2 is a scan.',
      },
    },
    {
      file: '13-invoice.pdf',
      bytes: invoice.pdf,
      truth: {
        pages: 1,
        text: invoice.texts,
        expect: 'completed',
        note: 'An invoice with a table and a text layer, in euros.',
        invoice: euroInvoice.truth,
      },
    },
  ];
}

async function broken(): Promise<Sample[]> {
  const whole = await makePdf('Letter', [letter]);
  const locked = await makePdf('Letter', [letter], 'spring');
  const disguised = Buffer.from(
    'This is a plain text file whose name claims that it is a picture.\nIt holds no pixels at all.\n',
  );
  return [
    // Half a PDF has neither its catalog nor its table of objects, so no repair can restore its pages.
    {
      file: '91-truncated.pdf',
      bytes: whole.pdf.subarray(0, Math.floor(whole.pdf.length / 2)),
      truth: { pages: 0, text: [], expect: 'CorruptDocument', note: 'A PDF cut off in the middle.' },
    },
    {
      file: '92-password.pdf',
      bytes: locked.pdf,
      truth: {
        pages: 0,
        text: [],
        expect: 'EncryptedDocument',
        note: 'A PDF that opens only with the password "spring".',
      },
    },
    {
      file: '93-disguised.png',
      bytes: disguised,
      truth: { pages: 0, text: [], expect: 'UnsupportedMedia', note: 'A text file named like a picture.' },
    },
    {
      file: '94-empty.pdf',
      bytes: Buffer.alloc(0),
      truth: { pages: 0, text: [], expect: 'EmptyFile', note: 'A file of no bytes.' },
    },
  ];
}

/** Makes the samples with several pages, the PDFs and the broken files. */
export async function makeDocuments(): Promise<Sample[]> {
  return [await tiff(), ...(await pdfs()), ...(await broken())];
}
