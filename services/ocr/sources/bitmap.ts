/** BMP, which the library does not decode. */
import { readFile } from 'node:fs/promises';
import { bitmapSize, decodeBitmap } from '../bitmap.ts';
import type { ChildSettings } from '../messages.ts';
import { assertPage, assertPixels } from './checks.ts';
import type { SourceFile } from './source.ts';

/** Opens a BMP. @throws PerennialError `CorruptDocument`, `DocumentTooLarge` */
export async function bitmapSource(path: string, settings: ChildSettings): Promise<SourceFile> {
  const bytes = await readFile(path);
  const { width, height } = bitmapSize(bytes);
  assertPixels(width, height, settings);
  return {
    path,
    mediaType: 'image/bmp',
    pages: 1,
    gray: (page) => {
      assertPage(page, 1);
      return Promise.resolve(decodeBitmap(bytes));
    },
    colour: (page) => {
      assertPage(page, 1);
      return Promise.resolve({ ...decodeBitmap(bytes), channels: 1 as const });
    },
    check: (page) => {
      assertPage(page, 1);
      return Promise.resolve(0 as const);
    },
  };
}
