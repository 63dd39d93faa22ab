/** Makes a page picture easier to read: upright, straight, without specks, large enough. */
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { guessUpright } from './deskew.ts';
import { addTurns, binarise, inkThreshold, shrink, turn } from './gray.ts';
import type { GrayPage, Turn } from './gray.ts';

/** A page made ready, and what was done to it. */
export interface PreparedPage {
  readonly page: GrayPage;
  readonly rotation: Turn;
  /** Degrees of tilt that were removed; positive when the page was turned clockwise. */
  readonly skew: number;
  /** Whether lines clearly run from left to right now. */
  readonly axisFirm: boolean;
  /** Whether letters clearly stand on their feet now. */
  readonly sideFirm: boolean;
}

/** The longer side of the copy on which angles are measured. Larger gains nothing, smaller loses the tenth of a degree. */
const SMALL_SIDE = 1400;
/** Below, turning blurs more than the tilt harms. */
const LEAST_TILT = 0.12;
/** Share of single stray pixels from which on a page counts as noisy; a clean scan has a tenth of it. */
const NOISY_FROM = 0.0004;
/** The share of gray pixels up to which a page counts as black and white. */
const SHADES_OF_BILEVEL = 0.002;
const SOFT_SIGMA = 1;
/** The longer side of a letter at 200 dpi. */
const SOFTEN_FROM = 2200;
/** Pictures smaller than this are screen shots or thumbnails, whose letters are too low for the model. */
const SMALL_PICTURE = 1300;

/** The copy on which angles are measured and doubtful orientations are tried. */
export function smallCopy(page: GrayPage): GrayPage {
  return shrink(page, Math.max(1, Math.round(Math.max(page.width, page.height) / SMALL_SIDE)));
}

/** Turns a page upright by guess, straightens and cleans it. `noted` is the turn that the camera wrote into the file. */
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

/** Removes a tilt. The picture grows so that no corner is lost. */
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

/** Whether black or white single pixels are strewn over the page. */
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

/** Whether there are hardly any shades between black and white, as on faxes and office scans that are large enough to lose a little sharpness. */
function isStairy(page: GrayPage): boolean {
  if (Math.max(page.width, page.height) < SOFTEN_FROM) return false;
  let shades = 0;
  for (const value of page.data) if (value > 24 && value < 231) shades += 1;
  return shades < page.data.length * SHADES_OF_BILEVEL;
}

/** Tesseract's model is trained on gray pictures: rounding off the stairs of black and white ones saves a character in a thousand. */
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

/** Hands raw gray pixels to the image library. */
export function fromGray(page: GrayPage): Sharp {
  return sharp(page.data, { raw: { width: page.width, height: page.height, channels: 1 }, limitInputPixels: false });
}
