/** Makes searchable PDFs: a copy of a PDF with its recognised text, or drawn pages where there is no PDF to copy. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PerennialError } from '../../../contracts/failures.ts';
import type { PageReading } from '../port.ts';
import { drawPdf } from './drawn.ts';
import type { AddedText, SearchablePdf, SearchablePdfs, SearchableReader, SearchableSource } from './port.ts';

/** Creates the maker of searchable PDFs over a reader of pages. */
export function createSearchablePdfs(reader: SearchableReader): SearchablePdfs {
  return {
    open: async (source, format, signal) => {
      const drawn = async (reason?: string): Promise<SearchablePdf> => ({
        pages: 'drawn',
        ...(reason === undefined ? {} : { reason }),
        content: await drawPdf(source, format, reader, signal),
        release: () => Promise.resolve(),
      });
      if (format === 'pdfa') return drawn();
      const { mediaType } = await reader.inspect(source.path, signal);
      if (mediaType !== 'application/pdf') return drawn();
      try {
        return await copyOf(source, reader, signal);
      } catch (error) {
        if (!(error instanceof PerennialError)) throw error;
        return drawn(error.type);
      }
    },
  };
}

async function copyOf(
  { path, readings }: SearchableSource,
  reader: SearchableReader,
  signal: AbortSignal,
): Promise<SearchablePdf> {
  const folder = await mkdtemp(join(tmpdir(), 'perennial-pdf-'));
  const release = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const [target, texts] = [join(folder, 'searchable.pdf'), join(folder, 'texts.jsonl')];
    await pipeline(Readable.from(addedTexts(readings())), createWriteStream(texts, { mode: 0o600 }), { signal });
    // Without text to add, the file itself is the answer, with its signatures.
    if ((await stat(texts)).size === 0) return { pages: 'original', content: createReadStream(path), release };
    const { signatures } = await reader.addText(path, target, texts, signal);
    return { pages: 'original', losesSignatures: signatures > 0, content: createReadStream(target), release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Yields what a copy needs of the pages whose text is not in it, one in JSON on each line. */
async function* addedTexts(readings: AsyncIterable<PageReading>): AsyncGenerator<string> {
  for await (const { page, text, words, rotation, skew, origin } of readings) {
    const added: AddedText = { page, text, words, rotation, skew, origin };
    if (origin !== 'text-layer') yield `${JSON.stringify(added)}\n`;
  }
}
