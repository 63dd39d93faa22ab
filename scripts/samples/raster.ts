/** Renders PDF pages to gray bitmaps and writes them as image files. */
import { PDFiumLibrary } from '@hyzyla/pdfium';
import sharp, { type Sharp } from 'sharp';
import { closePdf, drawPage, openPdf, type PageSpec } from './layout.ts';

/** A gray bitmap with one byte per pixel, where 0 is black. */
export interface Raster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
}

/** A rendered page and its true text. */
export interface RenderedPage {
  readonly raster: Raster;
  readonly text: string;
}

/** The type of the loaded PDF library: `init` returns the base of the class that it belongs to. */
type Pdfium = Awaited<ReturnType<typeof PDFiumLibrary.init>>;

let library: Promise<Pdfium> | undefined;

/** Returns the PDF library, which this process loads once. */
export function pdfium(): Promise<Pdfium> {
  library ??= PDFiumLibrary.init();
  return library;
}

/** Draws one page and renders it at a resolution. */
export async function renderPage(page: PageSpec, dpi: number): Promise<RenderedPage> {
  const doc = openPdf('page');
  const text = drawPage(doc, page);
  const loaded = await (await pdfium()).loadDocument(await closePdf(doc));
  try {
    const shown = await loaded.getPage(0).render({ scale: dpi / 72, render: 'bitmap', colorSpace: 'Gray' });
    // The bytes are copied, because the library reuses its memory after the document is closed.
    return { raster: { data: Uint8Array.from(shown.data), width: shown.width, height: shown.height, dpi }, text };
  } finally {
    loaded.destroy();
  }
}

/** Opens a raster in sharp, as gray. */
export function open(raster: Raster): Sharp {
  return sharp(raster.data, { raw: { width: raster.width, height: raster.height, channels: 1 } }).toColourspace('b-w');
}

/** Converts a sharp pipeline back to a raster. */
export async function close(image: Sharp, dpi: number): Promise<Raster> {
  const { data, info } = await image.extractChannel(0).raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height, dpi };
}

/** Rounds the grays to a few levels, which are enough for scanned text and which deflate compresses far better. */
export function posterise(raster: Raster, levels: number): Raster {
  const step = 255 / (levels - 1);
  const table = Uint8Array.from({ length: 256 }, (_, gray) => Math.round(Math.round(gray / step) * step));
  return { ...raster, data: raster.data.map((gray) => table[gray] ?? 0) };
}

/** Writes a gray PNG with a few gray levels. */
export function toPng(raster: Raster, levels = 16): Promise<Buffer> {
  return open(posterise(raster, levels)).withDensity(raster.dpi).png({ compressionLevel: 9 }).toBuffer();
}

/** Writes a gray JPEG. */
export function toJpeg(raster: Raster, quality: number): Promise<Buffer> {
  return open(raster).withDensity(raster.dpi).jpeg({ quality, optimiseCoding: true }).toBuffer();
}

/** Writes a gray WebP. */
export function toWebp(raster: Raster, quality: number): Promise<Buffer> {
  return open(raster).webp({ quality, effort: 6 }).toBuffer();
}

/** Writes a GIF with 16 grays. */
export function toGif(raster: Raster): Promise<Buffer> {
  return open(raster).gif({ colours: 16, dither: 0, effort: 7 }).toBuffer();
}

/** Writes black and white pages of the same size as a TIFF with fax compression, as office scanners do. */
export async function toTiff(rasters: readonly Raster[]): Promise<Buffer> {
  const [first] = rasters;
  if (first === undefined) throw new Error('toTiff: expected at least one page, found none');
  const data = Buffer.concat(rasters.map((raster) => raster.data));
  const height = first.height * rasters.length;
  return sharp(data, { raw: { width: first.width, height, channels: 1, pageHeight: first.height } })
    .threshold(150)
    .toColourspace('b-w')
    .withDensity(first.dpi)
    .tiff({ compression: 'ccittfax4', bitdepth: 1, xres: first.dpi / 25.4, yres: first.dpi / 25.4 })
    .toBuffer();
}
