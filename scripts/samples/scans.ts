/** Makes the single-page samples: draws each page and applies its damage. */
import { blur, contrast, grain, light, photograph, saltAndPepper, skew, speckle, turn } from './degrade.ts';
import { dollarInvoice } from './invoices.ts';
import type { PageSpec } from './layout.ts';
import { languages, newsletter, receipt, recipe } from './special-texts.ts';
import { makeRandom } from '../../contracts/values/random.ts';
import { renderPage, toGif, toJpeg, toPng, toWebp, type Raster } from './raster.ts';
import { faint, leaflet, letter, noisy, photographed, sideways, skewed, upsideDown } from './texts.ts';
import type { SampleTruth } from './truth.ts';

/** A sample that is ready to be written. */
export interface Sample {
  readonly file: string;
  readonly bytes: Buffer;
  readonly truth: SampleTruth;
}

interface Scan {
  readonly file: string;
  readonly page: PageSpec;
  readonly dpi: number;
  readonly note: string;
  readonly spoil?: (raster: Raster) => Promise<Raster> | Raster;
  readonly encode?: (raster: Raster) => Promise<Buffer>;
  readonly invoice?: SampleTruth['invoice'];
}

async function photo(raster: Raster): Promise<Raster> {
  const { width, height } = raster;
  const corners = [
    [0.045 * width, 0.035 * height],
    [0.965 * width, 0.02 * height],
    [0.985 * width, 0.975 * height],
    [0.02 * width, 0.96 * height],
  ] as const;
  const lit = light(photograph(contrast(raster, 35, 240), corners, 95), [width * 0.15, height * 0.1], 0.5);
  return grain(await blur(lit, 0.9), 4, makeRandom(3));
}

function dusty(raster: Raster): Raster {
  const random = makeRandom(5);
  return saltAndPepper(speckle(raster, 700, random), 0.012, random);
}

const scans: readonly Scan[] = [
  { file: '01-letter.png', page: letter, dpi: 200, note: 'A clean business letter in one serif font.' },
  {
    file: '02-leaflet.png',
    page: leaflet,
    dpi: 200,
    note: 'Several fonts and sizes on one page, with a small table set in a fixed-width font.',
  },
  {
    file: '03-photo.jpg',
    page: photographed,
    dpi: 230,
    note: 'Looks photographed: light from one corner, perspective, blur, grain, a dark table around the page.',
    spoil: photo,
    encode: (raster) => toJpeg(raster, 62),
  },
  {
    file: '04-skewed.png',
    page: skewed,
    dpi: 200,
    note: 'Scanned askew by 3 degrees clockwise.',
    spoil: (raster) => skew(raster, 3),
  },
  {
    file: '05-noisy.png',
    page: noisy,
    dpi: 220,
    note: 'Salt and pepper, and specks of dust.',
    spoil: dusty,
    encode: (raster) => toPng(raster, 4),
  },
  {
    file: '06-rotated-90.png',
    page: sideways,
    dpi: 200,
    note: 'Rotated by 90 degrees clockwise; the text is that of the page put upright. Tesseract finds quarter turns by itself; other readers may not.',
    spoil: (raster) => turn(raster, 90),
  },
  {
    file: '07-rotated-180.png',
    page: upsideDown,
    dpi: 200,
    note: 'Upside down; the text is that of the page put upright.',
    spoil: (raster) => turn(raster, 180),
  },
  {
    file: '08-low-contrast.png',
    page: faint,
    dpi: 220,
    note: 'Faint: gray 178 on gray 214, with light grain.',
    spoil: (raster) => grain(contrast(raster, 178, 214), 2.2, makeRandom(8)),
    encode: (raster) => toPng(raster, 64),
  },
  {
    file: '14-invoice-scan.png',
    page: dollarInvoice.page,
    dpi: 200,
    note: 'An invoice as a scanned picture, in dollars, slightly askew.',
    spoil: (raster) => skew(raster, -0.6),
    invoice: dollarInvoice.truth,
  },
  {
    file: '15-languages.png',
    page: languages,
    dpi: 250,
    note: 'Quotation marks, dashes and letters of English, German, French and Spanish. With English data alone, umlauts, accents and foreign quotation marks are partly misread: expect a higher error rate than on the other clean pages.',
  },
  {
    file: '16-receipt.png',
    page: receipt,
    dpi: 250,
    note: 'A narrow till receipt in a fixed-width font.',
    spoil: (raster) => grain(contrast(raster, 60, 245), 3, makeRandom(16)),
    encode: (raster) => toPng(raster, 8),
  },
  {
    file: '17-recipe.webp',
    page: recipe,
    dpi: 220,
    note: 'A clean page as WebP.',
    encode: (raster) => toWebp(raster, 70),
  },
  {
    file: '18-newsletter.gif',
    page: newsletter,
    dpi: 250,
    note: 'Two columns, as GIF; the text runs down the left column first.',
    encode: toGif,
  },
];

/** Makes the single-page samples. */
export async function makeScans(): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const scan of scans) {
    const { raster, text } = await renderPage(scan.page, scan.dpi);
    const spoiled = scan.spoil === undefined ? raster : await scan.spoil(raster);
    const bytes = await (scan.encode ?? toPng)(spoiled);
    const truth: SampleTruth = {
      pages: 1,
      text: [text],
      expect: 'completed',
      note: scan.note,
      ...(scan.invoice === undefined ? {} : { invoice: scan.invoice }),
    };
    samples.push({ file: scan.file, bytes, truth });
  }
  return samples;
}
