/** Reads single files of archives, for tests that look at what stands in a workbook. */
import { text } from 'node:stream/consumers';
import yauzl from 'yauzl';

/** Returns one file of an archive as text. */
export async function partOf(archive: Buffer, name: string): Promise<string> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.fromBuffer(archive, { lazyEntries: false }, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: yauzl.Entry) => {
      if (entry.fileName !== name) return;
      zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(text(stream))));
    });
    zip.on('end', () => reject(new Error(`expected the file ${name} in the archive, found none`)));
  });
}
