/** A blob folder that takes no files for a while, and gives those that it has. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Lets every write to a folder of blobs fail, also those of the superuser, whom permissions do not stop: a file stands where
 * the folder of unfinished blobs was.
 *
 * @returns a function that ends it
 */
export async function refuseWrites(blobs: string): Promise<() => Promise<void>> {
  const incoming = path.join(blobs, '.incoming');
  const aside = `${incoming}-aside`;
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  await rename(incoming, aside);
  await writeFile(incoming, '');
  return async () => {
    await rm(incoming);
    await rename(aside, incoming);
  };
}
