/** HEIC, which needs a decoder of its own. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { decodeHeic, loadHeif } from '../heif/decoder.ts';
import { assertPage } from './checks.ts';
import { colourOf, grayOf } from './pixels.ts';
import type { SourceFile } from './source.ts';

/**
 * Opens a HEIC picture. The package that decodes is looked for at once, so that its absence is told before a page is
 * tried.
 *
 * @throws PerennialError `DecoderMissing`
 */
export async function heicSource(path: string): Promise<SourceFile> {
  await loadHeif();
  const decoded = async (page: number): Promise<{ image: Sharp; width: number; height: number }> => {
    assertPage(page, 1);
    const { data, ...raw } = decodeHeic(await loadHeif(), await readFile(path));
    return { image: sharp(data, { raw, limitInputPixels: false }), width: raw.width, height: raw.height };
  };
  return {
    path,
    mediaType: 'image/heic',
    pages: 1,
    gray: async (page) => {
      const { image, ...size } = await decoded(page);
      return grayOf(image, size);
    },
    colour: async (page) => colourOf((await decoded(page)).image),
    // The decoder turns the picture itself.
    check: (page) => {
      assertPage(page, 1);
      return Promise.resolve(0 as const);
    },
  };
}
