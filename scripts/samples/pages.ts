/**
 * Pages for benches: any number of distinct, ordinary text pages with their
 * true text, as pictures or as an image-only PDF like a scanner's.
 */
import { head, para } from './blocks.ts';
import { skew, turn } from './degrade.ts';
import { a4, closePdf, openPdf, type FontName, type PageSpec } from './layout.ts';
import { makeRandom, type Random } from './random.ts';
import { renderPage, toJpeg, toPng, type RenderedPage } from './raster.ts';
import { heading, paragraphs } from './words.ts';

/** How bench pages are made. */
export interface PageOptions {
  /** Dots per inch; 300 unless told. */
  readonly dpi?: number;
  /** About how many characters stand on a page; 2,500 unless told, at most about 3,400. */
  readonly characters?: number;
}

/** A bench page: an upright gray A4 PNG and its true text. */
export interface BenchPage {
  readonly png: Buffer;
  readonly text: string;
}

/** How an image-only PDF is made. */
export interface ScanOptions extends PageOptions {
  /** Each page lies askew by up to this many degrees to either side; 1.5 unless told. */
  readonly maxSkew?: number;
  /** The share of pages that lie upside down, from 0 to 1; 0 unless told. */
  readonly upsideDown?: number;
  /** JPEG quality of the pictures; 50 unless told. */
  readonly quality?: number;
}

/** A page of an image-only PDF: its true text (that of the page put upright), and how it lies. */
export interface ScannedPage {
  readonly text: string;
  /** Degrees clockwise, before a turn upside down. */
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
  // Wide fonts at 11 points would run off the page beyond some 3,000 characters.
  const size = characters > 2700 ? 9.5 : 10.5;
  const texts = paragraphs(random, characters);
  return {
    size: a4,
    margin: 62,
    blocks: [head(heading(random, mark), 15, font.title), ...texts.map((text) => para(text, font.text, size, 7))],
  };
}

// Every page has its own random source, so that page n is the same however many pages are asked for.
function source(seed: number, index: number): Random {
  return makeRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
}

function render(random: Random, index: number, options: PageOptions): Promise<RenderedPage> {
  return renderPage(pageSpec(random, index + 1, options.characters ?? 2500), options.dpi ?? 300);
}

/** Makes bench pages one after the other; holds only one in memory. */
export async function* benchPages(count: number, seed: number, options: PageOptions = {}): AsyncGenerator<BenchPage> {
  for (let index = 0; index < count; index += 1) {
    const { raster, text } = await render(source(seed, index), index, options);
    yield { png: await toPng(raster), text };
  }
}

/** Makes an image-only PDF of distinct pages that lie slightly askew, some of them upside down if asked. */
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
