/**
 * Makes pages for benchmarks: any number of distinct, ordinary text pages with their true text, as pictures or as an
 * image-only PDF like that of a scanner.
 */
import { head, para } from './blocks.ts';
import { skew, turn } from './degrade.ts';
import { a4, closePdf, openPdf, type FontName, type PageSpec } from './layout.ts';
import { makeRandom, type Random } from '../../contracts/values/random.ts';
import { renderPage, toJpeg, toPng, type RenderedPage } from './raster.ts';
import { heading, paragraphs } from './words.ts';

/** Options for the pages of a benchmark. */
export interface PageOptions {
  /** Dots per inch. @defaultValue 300 */
  readonly dpi?: number;
  /** Approximate number of characters on a page, at most about 3 400. @defaultValue 2 500 */
  readonly characters?: number;
}

/** A page of a benchmark: an upright gray A4 PNG and its true text. */
export interface BenchPage {
  readonly png: Buffer;
  readonly text: string;
}

/** Options for an image-only PDF. */
export interface ScanOptions extends PageOptions {
  /** Maximum skew of a page to either side, in degrees. @defaultValue 1.5 */
  readonly maxSkew?: number;
  /** Share of pages that lie upside down, from 0 to 1. @defaultValue 0 */
  readonly upsideDown?: number;
  /** JPEG quality of the pictures, from 1 to 100. @defaultValue 50 */
  readonly quality?: number;
}

/** A page of an image-only PDF: the true text of the upright page, and its position. */
export interface ScannedPage {
  readonly text: string;
  /** Skew in degrees clockwise, before the page is turned upside down. */
  readonly skew: number;
  readonly upsideDown: boolean;
}

/** An image-only PDF and the truth about its pages. */
export interface ScannedPdf {
  readonly pdf: Buffer;
  readonly pages: readonly ScannedPage[];
}

const fonts: readonly { readonly text: FontName; readonly title: FontName }[] = [
  { text: 'serif', title: 'serifBold' },
  { text: 'sans', title: 'sansBold' },
  { text: 'serifNarrow', title: 'serifBold' },
  { text: 'sansNarrow', title: 'sansNarrowBold' },
];

function pageSpec(random: Random, mark: number, characters: number): PageSpec {
  const font = random.pick(fonts);
  // At 11 points, wide fonts would exceed the page beyond some 3 000 characters.
  const size = characters > 2700 ? 9.5 : 10.5;
  const texts = paragraphs(random, characters);
  return {
    size: a4,
    margin: 62,
    blocks: [head(heading(random, mark), 15, font.title), ...texts.map((text) => para(text, font.text, size, 7))],
  };
}

// Every page has its own random source, so that page n is the same for any number of pages.
function source(seed: number, index: number): Random {
  return makeRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
}

function render(random: Random, index: number, options: PageOptions): Promise<RenderedPage> {
  return renderPage(pageSpec(random, index + 1, options.characters ?? 2500), options.dpi ?? 300);
}

/** Makes pages of a benchmark one after the other and holds only one in memory. */
export async function* benchPages(count: number, seed: number, options: PageOptions = {}): AsyncGenerator<BenchPage> {
  for (let index = 0; index < count; index += 1) {
    const { raster, text } = await render(source(seed, index), index, options);
    yield { png: await toPng(raster), text };
  }
}

/** Makes an image-only PDF of distinct pages with a slight skew, a share of them upside down. */
export async function makeScannedPdf(count: number, seed: number, options: ScanOptions = {}): Promise<ScannedPdf> {
  const doc = openPdf('Scan');
  const pages: ScannedPage[] = [];
  for (let index = 0; index < count; index += 1) {
    const random = source(seed, index);
    const { raster, text } = await render(random, index, options);
    const limit = options.maxSkew ?? 1.5;
    const degrees = Math.round(random.between(-limit, limit) * 100) / 100;
    const upsideDown = random.next() < (options.upsideDown ?? 0);
    const askew = await skew(raster, degrees);
    const image = await toJpeg(upsideDown ? await turn(askew, 180) : askew, options.quality ?? 50);
    doc.addPage({ size: [...a4], margin: 0 });
    doc.image(image, 0, 0, { width: a4[0], height: a4[1] });
    pages.push({ text, skew: degrees, upsideDown });
  }
  return { pdf: await closePdf(doc), pages };
}
