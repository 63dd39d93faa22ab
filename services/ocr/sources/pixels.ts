/** Pixels of pictures, as the library decodes them. */
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { GrayPage } from '../gray.ts';
import { damaged, EASY_PIXELS } from './checks.ts';
import type { ColourPage } from './source.ts';

/**
 * Range of plausible densities; values outside are defaults of programs that do not know the density (72, 96) or
 * mistakes.
 */
const BELIEVABLE_DPI = [100, 1200] as const;

// Each core has a process with one page, so more threads would only compete; the cache would keep decoded pages.
sharp.concurrency(1);
sharp.cache(false);

/** Size of a picture before it is decoded. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
  /** Dots per inch that the file states. */
  readonly density?: number | undefined;
}

function pixelsOf(image: Sharp): Promise<{ data: Buffer; info: { width: number; height: number; channels: number } }> {
  return image
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged('its pixels cannot be decoded', cause);
    });
}

/** Decodes a picture in gray; a very large one is shrunk. @throws PerennialError `CorruptDocument` */
export async function grayOf(image: Sharp, { width, height, density }: PictureSize): Promise<GrayPage> {
  const factor = Math.ceil(Math.sqrt((width * height) / EASY_PIXELS));
  const gray = image.flatten({ background: '#ffffff' }).grayscale().toColourspace('b-w');
  const { data, info } = await pixelsOf(factor > 1 ? gray.resize({ width: Math.ceil(width / factor) }) : gray);
  const dpi = believable(density);
  return { width: info.width, height: info.height, data, dpi: dpi === undefined ? undefined : dpi / factor };
}

/** Decodes a picture in colour. @throws PerennialError `CorruptDocument` */
export async function colourOf(image: Sharp): Promise<ColourPage> {
  const { data, info } = await pixelsOf(image.flatten({ background: '#ffffff' }).toColourspace('srgb'));
  // `as` is safe: flattened sRGB has three channels, and one only where the library keeps gray.
  return { width: info.width, height: info.height, channels: info.channels as 1 | 3, data };
}

function believable(density: number | undefined): number | undefined {
  if (density === undefined || density < BELIEVABLE_DPI[0] || density > BELIEVABLE_DPI[1]) return undefined;
  return Math.round(density);
}
