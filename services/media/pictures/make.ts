/** Makes one file of a picture. */
import sharp, { type Sharp } from 'sharp';
import { type PictureFormat, VARIANT_SIDES } from '../../../contracts/media/vocabulary.ts';
import type { MadePicture, WantedPicture } from '../port.ts';
import { damaged } from './look.ts';

// Each core has a process with one picture, so more threads would only compete; the cache would keep decoded pictures.
sharp.concurrency(1);
sharp.cache(false);

const QUALITY: Readonly<Record<PictureFormat, number>> = { webp: 80, avif: 55, jpeg: 82 };

/** Effort of the coder of AVIF, 0 to 9: a tenth of the time of the usual one at the size for the web, for files that are an eighth larger. */
const AVIF_EFFORT = 2;

const CODERS: Readonly<Record<PictureFormat, (image: Sharp) => Sharp>> = {
  webp: (image) => image.webp({ quality: QUALITY.webp }),
  avif: (image) => image.avif({ quality: QUALITY.avif, effort: AVIF_EFFORT }),
  // JPEG has no transparency.
  jpeg: (image) => image.flatten({ background: '#ffffff' }).jpeg({ quality: QUALITY.jpeg, mozjpeg: false }),
};

/**
 * Makes one file: turned as its camera noted, in the colours of sRGB, and without what it carried besides its pixels
 * unless that is wanted.
 *
 * @throws PerennialError `DamagedPicture`
 */
export async function make(path: string, { variant, format, metadata }: WantedPicture): Promise<MadePicture> {
  const side = VARIANT_SIDES[variant];
  // The limit of the library is off, because `look` has checked ours.
  const upright = sharp(path, { limitInputPixels: false, failOn: 'truncated', sequentialRead: true }).autoOrient();
  const sized =
    side === undefined
      ? upright
      : upright.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
  // Colours are converted to sRGB in any case; whoever keeps metadata also gets the profile that says so.
  const kept = metadata === 'keep' ? sized.keepExif().keepXmp().withIccProfile('srgb') : sized;
  try {
    const { data, info } = await CODERS[format](kept).toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  } catch (cause) {
    throw damaged('its pixels cannot be decoded', cause);
  }
}
