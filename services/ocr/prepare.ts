/** Makes a page picture easier to read: upright, straight, without specks, large enough. */
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { guessUpright } from './deskew.ts';
import { addTurns, binarise, inkThreshold, shrink, turn } from './gray.ts';
import type { GrayPage, Turn } from './gray.ts';

/** A prepared page and the corrections that were applied. */
export interface PreparedPage {
  readonly page: GrayPage;
  readonly rotation: Turn;
  /** Degrees of tilt that were removed; positive when the page was turned clockwise. */
  readonly skew: number;
  /** True when lines now clearly run from left to right. */
  readonly axisFirm: boolean;
  /** True when letters now clearly stand upright. */
  readonly sideFirm: boolean;
}

/**
 * Longer side of the copy on which angles are measured, in pixels. A larger copy gains nothing, a smaller one loses
 * precision of a tenth of a degree.
 */
const SMALL_SIDE = 1400;
/** Smallest tilt that is corrected, in degrees; below it, resampling blurs more than the tilt harms. */
const LEAST_TILT = 0.12;
/** Share of isolated pixels from which a page counts as noisy; a clean scan has a tenth of it. */
const NOISY_FROM = 0.0004;
/** Share of gray pixels up to which a page counts as black and white. */
const SHADES_OF_BILEVEL = 0.002;
const SOFT_SIGMA = 1;
/** Longer side from which a black-and-white page is softened, in pixels: a letter-size page at 200 dpi. */
const SOFTEN_FROM = 2200;
/**
 * Longer side below which a picture is enlarged, in pixels; the letters of screen shots and thumbnails are too small
 * for the model.
 */
const SMALL_PICTURE = 1300;

/** Makes the copy on which angles are measured and doubtful orientations are tried. */
export function smallCopy(page: GrayPage): GrayPage {
  return shrink(page, Math.max(1, Math.round(Math.max(page.width, page.height) / SMALL_SIDE)));
}

/** Turns, deskews and cleans a page. `noted` is the turn that the camera wrote into the file. */
export async function preparePage(page: GrayPage, noted: Turn): Promise<PreparedPage> {
  const first = turn(page, noted);
  const guess = guessUpright(binarise(smallCopy(first)));
  const upright = turn(first, guess.turn);
  const skew = Math.abs(guess.tilt) > LEAST_TILT ? guess.tilt : 0;
  const clean = isNoisy(upright) ? await despeckle(upright) : upright;
  const straight = await straighten(isStairy(clean) ? await soften(clean) : clean, skew);
  return {
    page: await enlarge(straight),
    rotation: addTurns(noted, guess.turn),
    skew,
    axisFirm: guess.axisFirm,
    sideFirm: guess.sideFirm,
  };
}

/** Removes a tilt; the picture grows so that no corner is lost. */
export async function straighten(page: GrayPage, skew: number): Promise<GrayPage> {
  if (skew === 0) return page;
  const { data, info } = await fromGray(page)
    .rotate(-skew, { background: '#ffffff' })
    .grayscale()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data, dpi: page.dpi };
}

/** Tells whether isolated black or white pixels are scattered over the page. */
export function isNoisy(page: GrayPage): boolean {
  const { width, height, data } = page;
  const threshold = inkThreshold(page);
  let stray = 0;
  let seen = 0;
  for (let y = 1; y < height - 1; y += 4) {
    for (let x = 1; x < width - 1; x += 1) {
      seen += 1;
      if (isStray(data, y * width + x, width, threshold)) stray += 1;
    }
  }
  return seen > 0 && stray / seen > NOISY_FROM;
}

function isStray(data: Uint8Array, at: number, width: number, threshold: number): boolean {
  const dark = (data[at] ?? 255) <= threshold;
  for (const step of [1, width, width + 1, width - 1]) {
    if ((data[at + step] ?? 255) <= threshold === dark || (data[at - step] ?? 255) <= threshold === dark) return false;
  }
  return true;
}

async function despeckle(page: GrayPage): Promise<GrayPage> {
  const data = await fromGray(page).median(3).grayscale().toColourspace('b-w').raw().toBuffer();
  return { ...page, data };
}

/**
 * Tells whether a page has hardly any shades between black and white, as faxes and office scans do, and is large enough
 * to lose some sharpness.
 */
function isStairy(page: GrayPage): boolean {
  if (Math.max(page.width, page.height) < SOFTEN_FROM) return false;
  let shades = 0;
  for (const value of page.data) if (value > 24 && value < 231) shades += 1;
  return shades < page.data.length * SHADES_OF_BILEVEL;
}

/**
 * Softens the jagged edges of a black-and-white page: tesseract's model is trained on gray pictures, and this saves one
 * error in a thousand characters.
 */
async function soften(page: GrayPage): Promise<GrayPage> {
  const data = await fromGray(page).blur(SOFT_SIGMA).grayscale().toColourspace('b-w').raw().toBuffer();
  return { ...page, data };
}

async function enlarge(page: GrayPage): Promise<GrayPage> {
  if (page.dpi !== undefined || Math.max(page.width, page.height) > SMALL_PICTURE) return page;
  const data = await fromGray(page)
    .resize({ width: page.width * 2, kernel: 'cubic' })
    .grayscale()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: data.info.width, height: data.info.height, data: data.data, dpi: undefined };
}

/** Passes raw gray pixels to the image library. */
export function fromGray(page: GrayPage): Sharp {
  return sharp(page.data, { raw: { width: page.width, height: page.height, channels: 1 }, limitInputPixels: false });
}
