/** Pictures in every format that the library decodes by itself. */
import sharp from 'sharp';
import type { Metadata, Sharp } from 'sharp';
import type { Turn } from '../gray.ts';
import type { ReadableMedia } from '../media.ts';
import type { ChildSettings } from '../messages.ts';
import { assertPage, assertPixels, damaged } from './checks.ts';
import { colourOf, grayOf } from './pixels.ts';
import type { SourceFile } from './source.ts';

const EXIF_TURNS: Readonly<Record<number, Turn>> = { 3: 180, 6: 90, 8: 270 };

/** Opens a picture. @throws PerennialError `CorruptDocument`, `DocumentTooLarge` */
export async function pictureSource(
  path: string,
  mediaType: ReadableMedia,
  settings: ChildSettings,
): Promise<SourceFile> {
  const opened = (page: number): Sharp =>
    // The limit of the library is off, because ours is checked first with a message that names a remedy.
    sharp(path, {
      limitInputPixels: false,
      failOn: 'truncated',
      sequentialRead: true,
      ...(mediaType === 'image/tiff' ? { page } : {}),
    });
  const facts = async (page: number): Promise<Metadata> => {
    const metadata = await opened(page)
      .metadata()
      .catch((cause: unknown) => {
        throw damaged('its header is damaged', cause);
      });
    assertPixels(metadata.width, metadata.height, settings);
    return metadata;
  };
  const first = await facts(0);
  // The frames of an animation are not pages.
  const pages = mediaType === 'image/tiff' ? Math.max(1, first.pages ?? 1) : 1;
  const factsOf = (page: number): Promise<Metadata> => {
    assertPage(page, pages);
    return page === 0 ? Promise.resolve(first) : facts(page);
  };
  return {
    path,
    mediaType,
    pages,
    gray: async (page) => grayOf(opened(page), await factsOf(page)),
    colour: async (page) => {
      await factsOf(page);
      return colourOf(opened(page));
    },
    check: async (page) => EXIF_TURNS[(await factsOf(page)).orientation ?? 1] ?? 0,
  };
}
